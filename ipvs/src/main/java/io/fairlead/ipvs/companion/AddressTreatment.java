package io.fairlead.ipvs.companion;

import io.fairlead.dataplane.model.Cidr;
import io.fairlead.dataplane.service.EndpointSet.Absence;
import io.fairlead.dataplane.service.Frontend.Masquerade;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What new connections to one address and port meet before IPVS sees them. Node ports are one of
 * these per address of the node.
 *
 * @param virtual whether the address is a Service's alone: its other ports are refused. False for
 *     addresses of the node's interfaces
 * @param masquerade whose source address is replaced on the way to an endpoint
 * @param insideMark the packet mark by which clients inside (pods of this node, the node itself)
 *     find a virtual server of their own; 0 if there is one server for all
 * @param inside what clients inside meet if they have no endpoints; null if they have some
 * @param outside the same for all other clients
 * @param allowedSources the only networks whose packets are not dropped; null for all
 * @param served whether a virtual server with this address is in the kernel, or will be: it is
 *     remembered in the table as ours
 */
public record AddressTreatment(
    boolean virtual,
    Masquerade masquerade,
    int insideMark,
    @Nullable Absence inside,
    @Nullable Absence outside,
    @Nullable List<Cidr> allowedSources,
    boolean served) {

  public AddressTreatment {
    allowedSources = allowedSources == null ? null : List.copyOf(allowedSources);
  }
}
