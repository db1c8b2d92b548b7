package io.fairlead.agent.config;

import java.util.List;

/** A configuration that cannot be used, with every problem in it. */
public final class ConfigurationException extends Exception {

  private static final long serialVersionUID = 1;

  private final transient List<String> problems;

  /**
   * @param problems at least one sentence, each naming a place and a mend
   */
  public ConfigurationException(List<String> problems) {
    super(String.join("\n", problems));
    this.problems = List.copyOf(problems);
  }

  public List<String> problems() {
    return problems;
  }
}
