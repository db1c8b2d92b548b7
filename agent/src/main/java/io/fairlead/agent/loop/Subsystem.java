package io.fairlead.agent.loop;

import io.fairlead.agent.config.AgentConfiguration;
import java.util.Map;

/**
 * A part of the agent that keeps a part of the kernel as the cluster wants it. The reconciling
 * thread calls every method, one at a time; {@link #apply} and {@link #audit} only once the source
 * is in sync.
 *
 * <p>A failure of one subsystem never stops another. The keys that failed are given again, after a
 * delay that grows.
 */
public interface Subsystem {

  /** One lower-case word, for logs, metrics and status. */
  String name();

  /**
   * Brings the kernel to what {@code view} asks for, as far as the dirty keys concern it. The first
   * call has {@link DirtyKeys#EVERYTHING}. What cannot be applied does not keep the rest from being
   * applied.
   *
   * @throws SubsystemException naming the keys that failed, if any did
   */
  void apply(ClusterView view, DirtyKeys dirty) throws SubsystemException;

  /**
   * Compares the kernel with what was committed and repairs it.
   *
   * @throws SubsystemException naming the keys that could not be repaired; none means all
   */
  void audit(ClusterView view) throws SubsystemException;

  /**
   * Takes over a configuration whose run-time keys changed.
   *
   * @return whether everything is to be applied again; false if this subsystem is not concerned
   */
  boolean reconfigure(AgentConfiguration configuration);

  /** Facts for {@code fairlead status}, in their order. Called after every round; must be quick. */
  Map<String, String> status();
}
