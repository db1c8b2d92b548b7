package io.fairlead.agent.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Peers that want more than they are granted. */
class ListenerLimitsTest {

  private static final InetSocketAddress ANY_PORT =
      new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);

  private static final String GET = "GET /ok HTTP/1.1\r\nHost: a\r\n\r\n";
  private static final String LAST_GET = "GET /ok HTTP/1.1\r\nConnection: close\r\n\r\n";

  /** More than the kernel takes from the server for a client that does not read. */
  private static final String LARGE = "x".repeat(16 << 20);

  private final AtomicInteger answered = new AtomicInteger();
  private final EventLoops loops = new EventLoops();
  private final Deque<StreamPeer> peers = new ArrayDeque<>();

  @AfterEach
  void stop() throws IOException {
    for (StreamPeer peer : peers) {
      peer.close();
    }
    loops.close();
  }

  private HttpListener listen(int connections, Duration step) throws ServerException {
    Map<String, Supplier<Reply>> routes =
        Map.of(
            "/ok",
            () -> Reply.text(200, "fine"),
            "/large",
            () -> {
              answered.incrementAndGet();
              return Reply.text(200, LARGE);
            });
    return HttpListener.tcp(loops, ANY_PORT, routes, new ListenerLimits(1024, connections, step));
  }

  private StreamPeer peer(HttpListener listener) throws IOException {
    StreamPeer peer = new StreamPeer(listener.port());
    peers.push(peer);
    return peer;
  }

  @Test
  @DisplayName("a client that sends a byte now and then does not keep its connection")
  void trickle() throws Exception {
    try (HttpListener listener = listen(64, Duration.ofMillis(300))) {
      StreamPeer slow = peer(listener);
      slow.send("GET /ok HTTP/1.1\r\nX: ");
      int sent = 0;
      while (!slow.isGone()) {
        assertThat(++sent).as("bytes that were waited for").isLessThan(1000);
        try {
          slow.send("x");
        } catch (SocketException e) {
          break;
        }
      }
      assertThat(peer(listener).closing(LAST_GET)).startsWith("HTTP/1.1 200");
    }
  }

  @Test
  @DisplayName("nor does one that does not take its answer")
  void untakenAnswer() throws Exception {
    try (HttpListener listener = listen(64, Duration.ofMillis(300))) {
      StreamPeer slow = peer(listener);
      slow.send("GET /large HTTP/1.1\r\nConnection: close\r\n\r\n");
      StreamPeer idle = peer(listener);
      // By the time that the server has let go of a later one, the first one's answer is cut.
      assertThat(idle.rest()).isEmpty();
      StreamPeer later = peer(listener);
      assertThat(later.rest()).isEmpty();
      assertThat(cut(slow)).isTrue();
    }
  }

  private static boolean cut(StreamPeer peer) {
    try {
      return peer.rest().length() < LARGE.length();
    } catch (IOException e) {
      return true;
    }
  }

  @Test
  @DisplayName("answers do not queue up for a client that asks and asks and takes none")
  void pipelining() throws Exception {
    try (HttpListener listener = listen(64, Duration.ofMinutes(1))) {
      StreamPeer greedy = peer(listener);
      greedy.send("GET /large HTTP/1.1\r\n\r\n".repeat(200));
      // The server lets go of it with an answer that is not taken: what is sent then is refused.
      assertThatThrownBy(
              () -> {
                for (int i = 0; i < 1000 && !loopsIdle(); i++) {
                  greedy.send("GET /large HTTP/1.1\r\n\r\n");
                }
              })
          .isInstanceOf(SocketException.class);
      assertThat(answered).hasValueLessThan(5);
    }
  }

  /** Lets the event loop do what it has, and tells that there will be more. */
  private boolean loopsIdle() {
    loops.group().next().submit(() -> {}).syncUninterruptibly();
    return false;
  }

  @Test
  @DisplayName("requests of one connection are answered one after the other")
  void keepAlive() throws Exception {
    try (HttpListener listener = listen(64, Duration.ofMinutes(1))) {
      StreamPeer peer = peer(listener);
      for (int i = 0; i < 3; i++) {
        peer.send(GET);
        assertThat(peer.next(15)).isEqualTo("HTTP/1.1 200 OK");
        String rest = "";
        while (!rest.endsWith("fine\n")) {
          rest += peer.next(1);
        }
      }
      assertThat(peer.closing(LAST_GET)).startsWith("HTTP/1.1 200").endsWith("fine\n");
    }
  }

  @Test
  @DisplayName("ports of health checks share their places, however many ports there are")
  void sharedPlaces() throws Exception {
    try (HttpListener one = HttpListener.everywhere(loops, 0, () -> Reply.text(200, "one"));
        HttpListener two = HttpListener.everywhere(loops, 0, () -> Reply.text(200, "two"))) {
      StreamPeer oldest = peer(one);
      for (int i = 0; i < 255; i++) {
        var unusedSilent = peer(one);
      }
      assertThat(peer(two).closing(LAST_GET)).endsWith("two\n");
      assertThat(oldest.rest()).as("closed").isEmpty();
    }
  }

  @Test
  @DisplayName("silent connections on all places lock nobody out, and the oldest one goes")
  void allPlacesTaken() throws Exception {
    try (HttpListener listener = listen(4, Duration.ofMinutes(1))) {
      List<StreamPeer> silent = new ArrayList<>();
      for (int i = 0; i < 4; i++) {
        StreamPeer peer = peer(listener);
        // Answered once, so that the server has seen it before the next.
        peer.send(GET);
        assertThat(peer.next(15)).isEqualTo("HTTP/1.1 200 OK");
        silent.add(peer);
      }
      assertThat(peer(listener).closing(LAST_GET)).startsWith("HTTP/1.1 200");
      assertThat(silent.getFirst().rest()).as("closed").endsWith("fine\n");
      assertThat(silent.getLast().isGone()).isFalse();
    }
  }
}
