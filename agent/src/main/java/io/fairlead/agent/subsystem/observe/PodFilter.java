package io.fairlead.agent.subsystem.observe;

import io.fairlead.agent.server.FlowReport;
import io.fairlead.agent.server.RefusedException;
import org.jspecify.annotations.Nullable;

/**
 * Which pods are asked about: one by its namespace and name, those of a name in any namespace, or
 * all.
 *
 * @param word "NAMESPACE/NAME", "NAME" or empty for all
 */
record PodFilter(String word) {

  /**
   * What a client asked for.
   *
   * @throws RefusedException if that is no pod
   */
  static PodFilter of(@Nullable String word) throws RefusedException {
    if (word == null) {
      return new PodFilter("");
    }
    int slash = word.indexOf('/');
    if (word.isEmpty() || slash == 0 || slash != word.lastIndexOf('/') || word.endsWith("/")) {
      throw new RefusedException(
          "--pod cannot be \"" + word + "\". Write NAMESPACE/NAME, or NAME for any namespace");
    }
    return new PodFilter(word);
  }

  boolean isAll() {
    return word.isEmpty();
  }

  /**
   * Whether a pod is meant.
   *
   * @param pod as namespace/name; empty for none
   */
  boolean isPod(String pod) {
    return isAll() || pod.equals(word) || (word.indexOf('/') < 0 && pod.endsWith("/" + word));
  }

  boolean isMeant(FlowReport flow) {
    return isPod(flow.source().pod()) || isPod(flow.destination().pod());
  }
}
