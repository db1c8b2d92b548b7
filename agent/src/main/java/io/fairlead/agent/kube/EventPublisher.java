package io.fairlead.agent.kube;

import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fairlead.agent.kube.EventQueue.Due;
import io.fairlead.agent.kube.EventQueue.Report;
import io.fairlead.agent.source.ObjectReference;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells operators about their objects by Events. Thread-safe; {@link #report} returns at once, and
 * the API server is asked on the executor, as often as {@link EventQueue} allows. What it refuses
 * is dropped; while it is away, reports wait. A new kind of failure is logged once.
 */
final class EventPublisher {

  private static final Logger LOG = LoggerFactory.getLogger(EventPublisher.class);
  private static final long FIRST_RETRY = TimeUnit.SECONDS.toNanos(1);
  private static final long LONGEST_RETRY = TimeUnit.MINUTES.toNanos(2);

  private final EventWriter writer;
  private final ScheduledExecutorService executor;
  private final LongSupplier nanoTime;
  private final EventQueue queue;
  private boolean scheduled;
  private long retry = FIRST_RETRY;
  private @Nullable String problem;

  EventPublisher(
      KubernetesClient client,
      String nodeName,
      ScheduledExecutorService executor,
      LongSupplier nanoTime) {
    this.writer = new EventWriter(client, nodeName);
    this.executor = executor;
    this.nanoTime = nanoTime;
    this.queue = new EventQueue(nanoTime.getAsLong());
  }

  /** Has an Event made of the object, or an equal one counted up. */
  void report(ObjectReference object, String reason, String sentence) {
    queue.add(new Report(object, reason, sentence));
    schedule(queue.delay(nanoTime.getAsLong()));
  }

  private synchronized void schedule(long delay) {
    if (scheduled || delay < 0) {
      return;
    }
    try {
      var unusedFuture = executor.schedule(this::attempt, delay, TimeUnit.NANOSECONDS);
      scheduled = true;
    } catch (RejectedExecutionException e) {
      LOG.debug("The source is closed; no more Events");
    }
  }

  private void attempt() {
    long delay = 0;
    Due due = queue.next(nanoTime.getAsLong());
    if (due != null) {
      try {
        writer.write(due.report(), due.times());
        queue.done(due, nanoTime.getAsLong());
        succeeded();
      } catch (RuntimeException e) {
        if (isRefused(e)) {
          queue.done(due, nanoTime.getAsLong());
        } else {
          delay = retry;
          retry = Math.min(2 * retry, LONGEST_RETRY);
        }
        failed(e);
      }
    }
    again(delay);
  }

  /** Asking again would not help. */
  private static boolean isRefused(RuntimeException failure) {
    if (!(failure instanceof KubernetesClientException answer)) {
      return true;
    }
    int code = answer.getCode();
    return code >= 400 && code < 500 && code != 401 && code != 408 && code != 409 && code != 429;
  }

  private synchronized void again(long delay) {
    scheduled = false;
    long due = queue.delay(nanoTime.getAsLong());
    schedule(due < 0 ? -1 : Math.max(due, delay));
  }

  private void succeeded() {
    problem = null;
    retry = FIRST_RETRY;
  }

  private void failed(RuntimeException failure) {
    String sentence =
        failure instanceof KubernetesClientException answer && answer.getCode() == 403
            ? "status 403"
                + ApiFailure.message(answer)
                + "; grant the agent's service account get, create and patch on events"
            : ApiFailure.describe(failure);
    if (!sentence.equals(problem)) {
      problem = sentence;
      LOG.warn("Events cannot be written: {}", sentence);
    }
  }
}
