package io.fairlead.dataplane.policy.conntrack;

import io.fairlead.dataplane.policy.Flow;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.util.Set;
import java.util.concurrent.ExecutionException;

/** Waits for the judge. */
final class Judgements {

  /** Judged together: what keeps the judging thread for some milliseconds. */
  static final int PORTION = 1000;

  private Judgements() {}

  /** Those that are denied. */
  static Set<Flow> denied(FlowJudge judge, Set<Flow> flows) throws IOException {
    try {
      return judge.denied(flows).get();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("judging connections was interrupted");
    } catch (ExecutionException e) {
      throw new IOException("connections could not be judged: " + e.getCause(), e);
    }
  }
}
