package io.fairlead.agent.why;

import io.fairlead.dataplane.evidence.KernelObject;
import java.util.List;

/**
 * One step of a packet's way.
 *
 * @param sentence what decides, with the object and the rule, without a full stop
 * @param details more of it, a line each
 * @param kernel what does it, as the kernel holds it now; empty where another node's kernel does
 */
public record Step(
    Stage stage,
    Outcome outcome,
    String sentence,
    List<String> details,
    List<KernelObject> kernel) {

  /** What becomes of the packet. */
  public enum Outcome {
    PASSES,
    /** It passes, but something is not as it should be, or not known here. */
    DOUBTFUL,
    STOPS
  }

  public Step {
    details = List.copyOf(details);
    kernel = List.copyOf(kernel);
  }

  static Step passes(Stage stage, String sentence, List<KernelObject> kernel) {
    return new Step(stage, Outcome.PASSES, sentence, List.of(), kernel);
  }

  static Step passes(Stage stage, String sentence) {
    return passes(stage, sentence, List.of());
  }

  static Step doubtful(Stage stage, String sentence) {
    return new Step(stage, Outcome.DOUBTFUL, sentence, List.of(), List.of());
  }

  static Step stops(Stage stage, String sentence) {
    return stops(stage, sentence, List.of());
  }

  static Step stops(Stage stage, String sentence, List<KernelObject> kernel) {
    return new Step(stage, Outcome.STOPS, sentence, List.of(), kernel);
  }

  Step with(List<String> more) {
    return new Step(stage, outcome, sentence, more, kernel);
  }

  boolean isEnd() {
    return outcome == Outcome.STOPS;
  }

  /** A step whose kernel objects are not as they should be is no better than doubtful. */
  Step judgedByKernel() {
    List<KernelObject> wrong =
        kernel.stream().filter(one -> one.state() != KernelObject.State.PRESENT).toList();
    if (wrong.isEmpty() || outcome == Outcome.STOPS) {
      return this;
    }
    return new Step(
        stage,
        Outcome.DOUBTFUL,
        sentence + "; but the kernel does not hold what it should, see `fairlead verify`",
        details,
        kernel);
  }
}
