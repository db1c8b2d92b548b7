package io.fairlead.agent.conformance;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * A network with as many pods as it takes.
 *
 * @param attachments all that were made
 * @param refusal what the ADD after the last one was answered
 */
record Filling(List<Attachment> attachments, Answer refusal) {

  /** More than this nobody waits for. */
  private static final int MOST = 300;

  private static final int AT_ONCE = 20;

  /**
   * Attaches pods until one is refused.
   *
   * @throws Inapplicable if there is room for more than 300
   */
  static Filling fill(Testbed bed) throws Exception {
    List<Attachment> attachments = new ArrayList<>();
    while (attachments.size() <= MOST) {
      List<Attachment> round = new ArrayList<>();
      for (int i = 0; i < AT_ONCE; i++) {
        round.add(bed.container());
      }
      List<Answer> answers = together(round.stream().map(pod -> add(bed, pod)).toList());
      for (int i = 0; i < AT_ONCE; i++) {
        Answer answer = answers.get(i);
        if (answer.isSuccess()) {
          attachments.add(round.get(i).withResult(answer.object()));
        } else {
          bed.delete(round.get(i)).succeeded();
        }
      }
      if (!answers.stream().allMatch(Answer::isSuccess)) {
        return finish(bed, attachments);
      }
    }
    throw new Inapplicable("the network has room for over " + MOST + " pods");
  }

  /** One at a time, so that no refusal is for another reason than that nothing is left. */
  private static Filling finish(Testbed bed, List<Attachment> attachments) throws Exception {
    while (attachments.size() <= MOST) {
      Attachment pod = bed.container();
      Answer answer = bed.add(pod);
      if (!answer.isSuccess()) {
        bed.delete(pod).succeeded();
        return new Filling(attachments, answer);
      }
      attachments.add(pod.withResult(answer.object()));
    }
    throw new Inapplicable("the network has room for over " + MOST + " pods");
  }

  private static Callable<Answer> add(Testbed bed, Attachment pod) {
    return () -> bed.add(pod);
  }

  /** DEL of all, and the wait for what a plugin finishes afterwards. */
  void empty(Testbed bed) throws Exception {
    List<Callable<Answer>> deletions = new ArrayList<>();
    attachments.forEach(each -> deletions.add(() -> bed.delete(each)));
    for (Answer answer : together(deletions)) {
      answer.succeededSilently();
    }
    bed.requireNoResidue("after DEL of " + attachments.size() + " pods");
  }

  /** Runs all at the same time; the first exception is thrown once all have ended. */
  static <T> List<T> together(List<Callable<T>> work) throws Exception {
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<T> results = new ArrayList<>();
      for (Future<T> future : threads.invokeAll(work)) {
        results.add(future.get());
      }
      return results;
    } catch (ExecutionException e) {
      if (e.getCause() instanceof Exception cause) {
        throw cause;
      }
      throw new IOException(e);
    }
  }
}
