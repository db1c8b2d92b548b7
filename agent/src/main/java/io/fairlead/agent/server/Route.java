package io.fairlead.agent.server;

import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import java.util.function.Supplier;

/** What answers a path. */
public sealed interface Route {

  /** GET, answered on the event loop: it must be quick. */
  record Immediate(Function<Request, Reply> answer) implements Route {}

  /**
   * GET, answered by whichever thread completes it. A failure is answered with status 500 and its
   * message, one that is a {@link RefusedException} with status 400.
   */
  record Eventual(Function<Request, CompletionStage<Reply>> answer) implements Route {}

  /** POST, answered likewise: for what changes something, or needs a body. */
  record Posted(Function<Request, CompletionStage<Reply>> answer) implements Route {}

  /** GET, answered line by line until the client goes. */
  record Streamed(Feed feed) implements Route {}

  /** A path that needs to know nothing. */
  static Route of(Supplier<Reply> answer) {
    return new Immediate(_ -> answer.get());
  }
}
