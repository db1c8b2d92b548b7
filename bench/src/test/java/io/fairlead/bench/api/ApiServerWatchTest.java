package io.fairlead.bench.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class ApiServerWatchTest {

  private static final String WATCH = "/api/v1/services?watch=true";

  private ApiServerDouble server;
  private ApiClient client;

  @BeforeEach
  void start() throws Exception {
    server = ApiServerDouble.start();
    client = new ApiClient(server.uri());
  }

  @AfterEach
  void stop() {
    client.close();
    server.close();
  }

  private ApiClient.Watch since(long version, String more) throws Exception {
    return client.watch(WATCH + "&resourceVersion=" + version + more);
  }

  @Test
  @DisplayName("a pod that ends leaves a watch of those that have not (policy 5)")
  void aPodThatEndsIsDeletedForThoseWhoSelectByPhase() throws Exception {
    String path =
        "/api/v1/pods?watch=true&resourceVersion="
            + server.version()
            + "&fieldSelector="
            + ApiClient.encode("status.phase!=Succeeded,status.phase!=Failed");
    try (ApiClient.Watch watch = client.watch(path)) {
      server.create(ApiObjects.pod("a", "10.244.1.1", "Pending"));
      server.create(ApiObjects.pod("job", "10.244.1.2", "Succeeded"));
      server.update(ApiObjects.pod("a", "10.244.1.1", "Running"));
      server.update(ApiObjects.pod("a", "10.244.1.1", "Failed"));
      server.create(ApiObjects.pod("b", "10.244.1.1", "Running"));
      assertThat(watch.nextText()).isEqualTo("ADDED a 1001");
      assertThat(watch.nextText()).isEqualTo("MODIFIED a 1003");
      assertThat(watch.nextText()).isEqualTo("DELETED a 1004");
      assertThat(watch.nextText()).isEqualTo("ADDED b 1005");
    }
  }

  @Test
  void whatHappensAfterAVersionIsSentInOrder() throws Exception {
    server.create(ApiObjects.service("before"));
    try (ApiClient.Watch watch = since(server.version(), "")) {
      server.create(ApiObjects.service("a"));
      server.create(ApiObjects.node("not-a-service", "10.244.1.0/24"));
      server.update(ApiObjects.service("default", "a", "x: y"));
      server.delete(ApiResource.SERVICES, "default", "a");
      assertThat(watch.nextText()).isEqualTo("ADDED a 1002");
      assertThat(watch.nextText()).isEqualTo("MODIFIED a 1004");
      assertThat(watch.nextText()).isEqualTo("DELETED a 1005");
    }
    try (ApiClient.Watch late = since(1001, "")) {
      assertThat(late.nextText()).as("history is told again").isEqualTo("ADDED a 1002");
    }
  }

  @Test
  void withoutAVersionWhatExistsComesFirst() throws Exception {
    server.create(ApiObjects.service("a"));
    server.create(ApiObjects.service("b"));
    try (ApiClient.Watch watch = client.watch(WATCH)) {
      assertThat(watch.nextText()).isEqualTo("ADDED a 1001");
      assertThat(watch.nextText()).isEqualTo("ADDED b 1002");
      server.create(ApiObjects.service("c"));
      assertThat(watch.nextText()).isEqualTo("ADDED c 1003");
    }
  }

  @Test
  @DisplayName("a list as a watch, as client-go asks for it, ends with a bookmark that says so")
  void aStreamedListHasAnEnd() throws Exception {
    server.create(ApiObjects.service("a"));
    String list =
        WATCH
            + "&allowWatchBookmarks=true&sendInitialEvents=true&resourceVersionMatch=NotOlderThan";
    try (ApiClient.Watch watch = client.watch(list)) {
      assertThat(watch.nextText()).isEqualTo("ADDED a 1001");
      JsonNode end = watch.next();
      assertThat(end).isNotNull();
      assertThat(end.path("type").asText()).isEqualTo("BOOKMARK");
      assertThat(end.at("/object/metadata/resourceVersion").asText()).isEqualTo("1001");
      assertThat(end.at("/object/metadata/annotations").path("k8s.io/initial-events-end").asText())
          .isEqualTo("true");
      server.create(ApiObjects.service("b"));
      assertThat(watch.nextText()).isEqualTo("ADDED b 1002");
    }
  }

  @Test
  @DisplayName("one without resourceVersionMatch is refused, as is that without it")
  void aStreamedListMustSayHowFreshItIs() throws Exception {
    for (String half : List.of("&sendInitialEvents=true", "&resourceVersionMatch=NotOlderThan")) {
      assertThat(client.get(WATCH + half).status()).as(half).isEqualTo(422);
    }
  }

  @Test
  void aSelectorTurnsChangesOfLabelsIntoComingAndGoing() throws Exception {
    String selector = "&labelSelector=" + ApiClient.encode("!skip");
    server.create(ApiObjects.service("default", "a", "skip: me"));
    try (ApiClient.Watch watch = since(server.version(), selector)) {
      server.update(ApiObjects.service("default", "a", "skip: still"));
      server.update(ApiObjects.service("default", "a", "now: seen"));
      server.update(ApiObjects.service("default", "a", "now: seen, skip: again"));
      server.delete(ApiResource.SERVICES, "default", "a");
      server.create(ApiObjects.service("end"));
      assertThat(watch.nextText()).isEqualTo("ADDED a 1003");
      JsonNode gone = watch.next();
      assertThat(gone).isNotNull();
      assertThat(gone.path("type").asText()).isEqualTo("DELETED");
      assertThat(gone.at("/object/metadata/resourceVersion").asText()).isEqualTo("1004");
      assertThat(gone.at("/object/metadata/labels").has("skip")).as("as it last was").isFalse();
      assertThat(watch.nextText()).isEqualTo("ADDED end 1006");
    }
  }

  @Test
  void bookmarksTellHowFarTheWatchHasCome() throws Exception {
    server.bookmarkInterval(Duration.ofMillis(50));
    try (ApiClient.Watch watch = since(server.version(), "&allowWatchBookmarks=true")) {
      server.create(ApiObjects.node("n", "10.244.1.0/24"));
      String bookmark = watch.nextText();
      while (bookmark.equals("BOOKMARK - 1000")) {
        bookmark = watch.nextText();
      }
      assertThat(bookmark).as("changes of other kinds count").isEqualTo("BOOKMARK - 1001");
    }
    try (ApiClient.Watch without = since(server.version(), "&timeoutSeconds=1")) {
      assertThat(without.nextText()).isEqualTo("end");
    }
  }

  @Test
  void aWatchEndsInOrderWhenItsTimeIsOver() throws Exception {
    server.bookmarkInterval(Duration.ofHours(1));
    long begin = System.nanoTime();
    try (ApiClient.Watch watch =
        since(server.version(), "&timeoutSeconds=3&allowWatchBookmarks=true")) {
      assertThat(watch.nextText()).as("2 s before the end").isEqualTo("BOOKMARK - 1000");
      assertThat(watch.nextText()).isEqualTo("end");
    }
    assertThat(Duration.ofNanos(System.nanoTime() - begin))
        .isBetween(Duration.ofMillis(2900), Duration.ofSeconds(8));
  }

  @Test
  @DisplayName("history that is gone is 410, as a status or as an event (faults 6)")
  void tooOldAVersionIsGone() throws Exception {
    server.create(ApiObjects.service("a"));
    server.create(ApiObjects.service("b"));
    server.compact();
    try (ApiClient.Watch watch = since(1001, "")) {
      assertThat(watch.status()).isEqualTo(200);
      JsonNode error = watch.next();
      assertThat(error).isNotNull();
      assertThat(error.path("type").asText()).isEqualTo("ERROR");
      assertThat(error.at("/object/code").asInt()).isEqualTo(410);
      assertThat(error.at("/object/reason").asText()).isEqualTo("Expired");
      assertThat(error.at("/object/message").asText())
          .isEqualTo("too old resource version: 1001 (1002)");
      assertThat(watch.nextText()).isEqualTo("end");
    }
    server.faults().gone(ApiFaults.Gone.STATUS);
    try (ApiClient.Watch watch = since(1001, "")) {
      assertThat(watch.status()).isEqualTo(410);
    }
    try (ApiClient.Watch watch = since(1002, "&timeoutSeconds=1")) {
      assertThat(watch.status()).isEqualTo(200);
      assertThat(watch.nextText()).isEqualTo("end");
    }
  }

  @Test
  void aSlowWatchIsLateByWhatWasAsked() throws Exception {
    server.faults().watchDelay(Duration.ofMillis(200));
    try (ApiClient.Watch watch = since(server.version(), "")) {
      ApiWrite write = server.create(ApiObjects.service("a"));
      assertThat(watch.nextText()).isEqualTo("ADDED a 1001");
      long late = System.nanoTime() - write.nanoTime();
      assertThat(Duration.ofNanos(late)).isBetween(Duration.ofMillis(200), Duration.ofSeconds(5));
    }
  }

  @Test
  @DisplayName("a watch can fall silent without being closed (faults 7)")
  void aStalledWatchSendsNothingAndGoesOnLater() throws Exception {
    server.bookmarkInterval(Duration.ofMillis(20));
    try (ApiClient.Watch watch = since(server.version(), "")) {
      server.faults().stallWatches(true);
      server.create(ApiObjects.service("a"));
      CompletableFuture<String> next = CompletableFuture.supplyAsync(() -> text(watch));
      assertThatExceptionOfType(TimeoutException.class)
          .isThrownBy(() -> next.get(300, TimeUnit.MILLISECONDS));
      server.faults().stallWatches(false);
      assertThat(next.get(5, TimeUnit.SECONDS)).isEqualTo("ADDED a 1001");
    }
  }

  private static String text(ApiClient.Watch watch) {
    try {
      return watch.nextText();
    } catch (IOException e) {
      return "cut off";
    }
  }

  @Test
  void aDroppedWatchBreaksOffAndANewOneCatchesUp() throws Exception {
    try (ApiClient.Watch first = since(server.version(), "");
        ApiClient.Watch second = since(server.version(), "")) {
      server.create(ApiObjects.service("a"));
      assertThat(first.nextText()).isEqualTo("ADDED a 1001");
      assertThat(second.nextText()).isEqualTo("ADDED a 1001");
      server.faults().dropWatches();
      assertThat(text(first)).isEqualTo("cut off");
      assertThat(text(second)).isEqualTo("cut off");
    }
    try (ApiClient.Watch third = since(1000, "")) {
      assertThat(third.nextText()).isEqualTo("ADDED a 1001");
    }
  }

  @Test
  void aServerThatGoesDownCutsItsWatches() throws Exception {
    try (ApiClient.Watch watch = since(server.version(), "")) {
      server.faults().stallWatches(true);
      server.create(ApiObjects.service("a"));
      server.goDown();
      assertThat(text(watch)).isEqualTo("cut off");
    }
  }

  @Test
  void aWatchOverAWebSocketSendsAFrameAnEvent() throws Exception {
    BlockingQueue<String> frames = new LinkedBlockingQueue<>();
    WebSocket.Listener listener =
        new WebSocket.Listener() {
          @Override
          public @Nullable CompletionStage<?> onText(
              WebSocket socket, CharSequence data, boolean last) {
            frames.add(data.toString());
            socket.request(1);
            return null;
          }

          @Override
          public @Nullable CompletionStage<?> onClose(WebSocket socket, int status, String reason) {
            frames.add("closed with " + status);
            return null;
          }
        };
    URI uri =
        URI.create(
            server.uri().toString().replace("http:", "ws:")
                + WATCH
                + "&timeoutSeconds=2&resourceVersion="
                + server.version());
    try (HttpClient http = HttpClient.newHttpClient()) {
      http.newWebSocketBuilder().buildAsync(uri, listener).get(5, TimeUnit.SECONDS);
      server.create(ApiObjects.service("a"));
      assertThat(frames.poll(5, TimeUnit.SECONDS)).startsWith("{\"type\":\"ADDED\",\"object\":{");
      assertThat(frames.poll(5, TimeUnit.SECONDS)).isEqualTo("closed with 1000");
    }
  }

  @Test
  void eventsLeaveAtOnce() throws Exception {
    List<Long> latencies = new ArrayList<>();
    try (ApiClient.Watch watch = since(server.version(), "")) {
      for (int i = 0; i < 200; i++) {
        ApiWrite write = server.create(ApiObjects.service("s" + i));
        assertThat(watch.next()).isNotNull();
        latencies.add(System.nanoTime() - write.nanoTime());
      }
    }
    Collections.sort(latencies);
    assertThat(Duration.ofNanos(latencies.get(latencies.size() / 2)))
        .as("the median; segments that wait for an acknowledgement take 40 ms")
        .isLessThan(Duration.ofMillis(20));
  }
}
