package io.fairlead.dataplane.service;

import io.fairlead.dataplane.model.Cidr;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How one {@link FrontendAddress} of a Service port treats its clients.
 *
 * @param allowedSources the only networks, all of the address's family, whose packets are not
 *     dropped; ascending, none within another; null for all, empty for none
 */
public record Frontend(
    Kind kind, Reach reach, Masquerade masquerade, @Nullable List<Cidr> allowedSources) {

  /** Which field of the Service made it. */
  public enum Kind {
    CLUSTER_IP,
    EXTERNAL_IP,
    LOAD_BALANCER,
    NODE_PORT
  }

  /** Which endpoints clients are sent to. */
  public enum Reach {
    /** Everyone to {@link ServicePortFragment#cluster}. */
    CLUSTER,
    /** Everyone to {@link ServicePortFragment#local}. */
    LOCAL,
    /**
     * Pods of this node and the node itself to {@link ServicePortFragment#cluster}, everyone else
     * to {@link ServicePortFragment#local}: they came here because the endpoints are here. Where
     * pods cannot be told from others, only the node itself is inside.
     */
    LOCAL_FROM_OUTSIDE
  }

  /**
   * Whose source address is replaced by the node's, so that answers come back through it. A client
   * that is sent to itself always is.
   */
  public enum Masquerade {
    NOBODY,
    /** The node itself. */
    NODE,
    /** All but pods of this node. */
    ALL_BUT_LOCAL_PODS,
    EVERYBODY
  }

  public Frontend {
    allowedSources = allowedSources == null ? null : List.copyOf(allowedSources);
  }
}
