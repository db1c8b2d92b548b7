package io.fairlead.agent.loop;

import java.io.IOException;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;

/** Asks the reconciling thread for what only that may look at. Thread-safe. */
public final class OnLoop {

  private static final long PATIENCE_SECONDS = 5;

  private final Consumer<Runnable> loop;

  /**
   * @param loop runs tasks on the reconciling thread
   */
  public OnLoop(Consumer<Runnable> loop) {
    this.loop = loop;
  }

  /** Has {@code question} answered soon, and returns at once. */
  public <T> CompletableFuture<T> ask(Callable<T> question) {
    CompletableFuture<T> answer = new CompletableFuture<>();
    loop.accept(() -> {
      try {
        answer.complete(question.call());
      } catch (Exception e) {
        answer.completeExceptionally(e);
      }
    });
    return answer;
  }

  /**
   * Waits for the answer.
   *
   * @throws IOException if the question failed, or the thread does not get to it in time
   */
  public <T> T await(Callable<T> question) throws IOException {
    try {
      return ask(question).get(PATIENCE_SECONDS, TimeUnit.SECONDS);
    } catch (ExecutionException e) {
      throw new IOException(String.valueOf(e.getMessage()), e);
    } catch (TimeoutException e) {
      throw new IOException("the agent is busy", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("the agent is stopping", e);
    }
  }
}
