package io.fairlead.agent.why;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A packet's way to one endpoint, or to where it was sent.
 *
 * @param to address and port, and who that is
 * @param steps in order; the last one that is told is where it ends
 */
public record Way(String to, List<Step> steps) {

  public Way {
    steps = List.copyOf(steps);
  }

  /** The step that ends it, null if it arrives. */
  @Nullable Step end() {
    return steps.stream().filter(Step::isEnd).findFirst().orElse(null);
  }

  @Nullable Step doubt() {
    return steps.stream()
        .filter(step -> step.outcome() == Step.Outcome.DOUBTFUL)
        .findFirst()
        .orElse(null);
  }
}
