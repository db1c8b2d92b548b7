package io.fairlead.agent.preflight;

/**
 * Something that a kernel may lack.
 *
 * @param state whether it was found
 * @param reason what the kernel said, or why it could not be tried; empty if it was found
 * @param loss what does not work without it, as a sentence without its full stop
 * @param needed whether the agent cannot do its work without it
 * @param advice how it is brought about
 */
public record KernelFeature(
    String name, State state, String reason, String loss, boolean needed, String advice) {

  /** What is known of a feature. */
  public enum State {
    FOUND,
    MISSING,
    /** It could not be tried with the rights that this process has. */
    UNTRIED
  }
}
