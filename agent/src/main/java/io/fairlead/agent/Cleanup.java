package io.fairlead.agent;

import io.fairlead.agent.config.AgentConfiguration;
import java.util.List;

/** Removes from the kernel what agents put there, and nothing else. */
@FunctionalInterface
public interface Cleanup {

  /**
   * Removes everything that carries fairlead's mark. Goes on after a failure; repeatable.
   *
   * @return a sentence for each thing removed
   * @throws AgentException naming everything that could not be removed
   */
  List<String> remove(AgentConfiguration configuration) throws AgentException;
}
