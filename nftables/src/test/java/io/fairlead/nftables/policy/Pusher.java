package io.fairlead.nftables.policy;

import static org.assertj.core.api.Assertions.assertThat;

import io.fairlead.dataplane.testing.Conversation;
import java.io.IOException;

/** The server goes on talking all the time, as one that pushes does. */
final class Pusher implements AutoCloseable {

  private final Conversation conversation;
  private final Thread thread;

  Pusher(Conversation conversation) {
    this.conversation = conversation;
    this.thread = Thread.ofPlatform().daemon().start(this::push);
  }

  private void push() {
    try {
      for (int i = 0; !Thread.currentThread().isInterrupted(); i++) {
        conversation.serverSays(i % 100);
        Thread.sleep(2);
      }
    } catch (IOException | InterruptedException e) {
      Thread.currentThread().interrupt(); // The test is over.
    }
  }

  /** What the client hears ends at some time, and stays away though it keeps asking. */
  void assertSilenced() throws IOException {
    long end = System.nanoTime() + 10_000_000_000L;
    while (conversation.clientHears(300) != Conversation.SILENCE) {
      assertThat(System.nanoTime()).as("it goes on").isLessThan(end);
    }
    for (int i = 0; i < 5; i++) {
      conversation.clientSays(1);
      assertThat(conversation.clientHears(200)).isEqualTo(Conversation.SILENCE);
    }
  }

  @Override
  public void close() {
    thread.interrupt();
    try {
      thread.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
