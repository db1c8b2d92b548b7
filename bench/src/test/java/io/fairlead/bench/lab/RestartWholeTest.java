package io.fairlead.bench.lab;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Connections through a Service that live longer than agents do. */
class RestartWholeTest {

  private static final Duration LIMIT = Duration.ofSeconds(20);
  private static final int CONNECTIONS = 8;

  /** Asks and waits for the answer, again and again. */
  private static final class Talk implements AutoCloseable {

    private final Socket socket;
    private final AtomicBoolean over = new AtomicBoolean();
    private final AtomicInteger answers = new AtomicInteger();
    private final CompletableFuture<Void> end = new CompletableFuture<>();

    Talk(Socket socket) {
      this.socket = socket;
      Thread.ofPlatform().daemon().start(this::run);
    }

    private void run() {
      try (socket) {
        BufferedReader lines =
            new BufferedReader(
                new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8));
        while (!over.get()) {
          socket.getOutputStream().write("question\n".getBytes(StandardCharsets.UTF_8));
          if (lines.readLine() == null) {
            throw new IOException("the connection was closed");
          }
          answers.incrementAndGet();
        }
        end.complete(null);
      } catch (IOException e) {
        end.completeExceptionally(e);
      }
    }

    /** Returns when there were answers to questions that were asked from now on. */
    void awaitAnswer() throws IOException, InterruptedException {
      int before = answers.get();
      Await.until("answers", LIMIT, () -> end.isDone() || answers.get() > before + 1);
      assertThat(end).as("the connection").isNotDone();
    }

    @Override
    public void close() {
      over.set(true);
      end.join();
    }
  }

  @ParameterizedTest
  @DisplayName("no connection through a Service is cut by a kill, a stop and starts (faults 3)")
  @ValueSource(strings = {"nftables", "iptables"})
  void connections(String mode) throws Exception {
    Lab lab = Lab.create(LabOptions.of(2).withProxyMode(mode), Whole.distribution());
    try (SampleCluster cluster = new SampleCluster(lab)) {
      lab.startAgents();
      cluster.attachPods();
      cluster.publishService();
      Await.until("the Service answers", LIMIT, () -> answers(cluster));
      List<Talk> talks = new ArrayList<>();
      for (int i = 0; i < CONNECTIONS; i++) {
        Socket socket =
            cluster
                .podA()
                .namespace()
                .call(() -> {
                  Socket made = new Socket();
                  made.connect(cluster.service(), (int) LIMIT.toMillis());
                  made.setSoTimeout((int) LIMIT.toMillis());
                  return made;
                });
        talks.add(new Talk(socket));
      }
      for (Node node : lab.nodes()) {
        node.killAgent();
        assertAllTalk(talks);
        node.startAgent();
        node.waitReady();
        assertAllTalk(talks);
        node.restartAgent();
        assertAllTalk(talks);
      }
      assertThat(answers(cluster)).isTrue();
      talks.forEach(Talk::close);
    }
  }

  private static void assertAllTalk(List<Talk> talks) throws IOException, InterruptedException {
    for (Talk talk : talks) {
      talk.awaitAnswer();
    }
  }

  private static boolean answers(SampleCluster cluster) {
    try {
      EchoClient.tcp(cluster.podA().namespace(), cluster.service(), Duration.ofMillis(300));
      return true;
    } catch (IOException | InterruptedException e) {
      return false;
    }
  }
}
