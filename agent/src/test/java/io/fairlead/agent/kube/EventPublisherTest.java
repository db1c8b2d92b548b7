package io.fairlead.agent.kube;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.Event;
import io.fabric8.kubernetes.api.model.ServiceBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fairlead.agent.Eventually;
import io.fairlead.agent.source.ObjectReference;
import io.fairlead.dataplane.model.ObjectKey;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Against an API server double that keeps objects, over HTTP on the loopback. */
class EventPublisherTest {

  private static final ObjectReference WEB =
      ObjectReference.service(new ObjectKey("default", "web"));
  private static final String SENTENCE = "Service default/web does not get 10.96.0.1:80/tcp.";

  private final ApiServerDouble server = new ApiServerDouble();
  private final ScheduledExecutorService executor = Executors.newSingleThreadScheduledExecutor();
  private final AtomicLong now = new AtomicLong();
  private KubernetesClient operator;
  private KubernetesClient client;

  @BeforeEach
  void start() {
    server.start(0);
    operator = server.client();
    client = server.client();
    operator
        .resource(
            new ServiceBuilder(ApiServerDouble.service("web", "10.96.0.1"))
                .editMetadata()
                .withUid("the-uid")
                .endMetadata()
                .build())
        .create();
  }

  @AfterEach
  void stop() {
    executor.shutdownNow();
    client.close();
    operator.close();
    server.stop();
  }

  private EventPublisher publisher(String node) {
    return new EventPublisher(client, node, executor, now::get);
  }

  private List<Event> events() {
    return operator.v1().events().inNamespace("default").list().getItems();
  }

  private void awaitCount(int count) {
    Eventually.holds(
        "one Event with the count " + count,
        () -> events().size() == 1 && events().getFirst().getCount() == count);
  }

  @Test
  @DisplayName("an Event that kubectl describe service shows")
  void event() {
    publisher("n1").report(WEB, "AddressConflict", SENTENCE);
    awaitCount(1);
    Event event = events().getFirst();
    assertThat(event.getInvolvedObject().getKind()).isEqualTo("Service");
    assertThat(event.getInvolvedObject().getName()).isEqualTo("web");
    assertThat(event.getInvolvedObject().getUid())
        .isEqualTo(
            operator
                .services()
                .inNamespace("default")
                .withName("web")
                .get()
                .getMetadata()
                .getUid());
    assertThat(event.getType()).isEqualTo("Warning");
    assertThat(event.getReason()).isEqualTo("AddressConflict");
    assertThat(event.getMessage()).isEqualTo(SENTENCE);
    assertThat(event.getSource().getComponent()).isEqualTo("fairlead");
    assertThat(event.getSource().getHost()).isEqualTo("n1");
    assertThat(event.getFirstTimestamp()).matches("20..-..-..T..:..:..Z");
  }

  @Test
  @DisplayName("equal reports are counted, of one node and of several")
  void counted() {
    EventPublisher first = publisher("n1");
    first.report(WEB, "AddressConflict", SENTENCE);
    awaitCount(1);
    publisher("n2").report(WEB, "AddressConflict", SENTENCE);
    awaitCount(2);
    assertThat(events().getFirst().getSource().getHost()).isEqualTo("n1");
  }

  @Test
  @DisplayName("a Service that is gone has no Event, and keeps nobody else from having one")
  void gone() {
    EventPublisher publisher = publisher("n1");
    publisher.report(
        ObjectReference.service(new ObjectKey("default", "gone")),
        "AddressConflict",
        "It is gone.");
    publisher.report(WEB, "AddressConflict", SENTENCE);
    awaitCount(1);
    assertThat(events().getFirst().getInvolvedObject().getName()).isEqualTo("web");
  }

  @Test
  @DisplayName("what the API server forbids is dropped, and the next is tried")
  void forbidden() {
    server.expect().post().withPath("/api/v1/namespaces/default/events").andReturn(403, "").once();
    EventPublisher publisher = publisher("n1");
    publisher.report(WEB, "AddressConflict", "Forbidden.");
    publisher.report(WEB, "AddressConflict", SENTENCE);
    awaitCount(1);
    assertThat(events().getFirst().getMessage()).isEqualTo(SENTENCE);
  }

  @Test
  @DisplayName("an API server that fails is asked again")
  void failing() {
    server.expect().post().withPath("/api/v1/namespaces/default/events").andReturn(503, "").once();
    publisher("n1").report(WEB, "AddressConflict", SENTENCE);
    awaitCount(1);
  }

  @Test
  @DisplayName("a source reports what it leaves out on the Service concerned")
  void leftOut() {
    operator.resource(ApiServerDouble.service("bad", "nonsense")).create();
    RecordingSink sink = new RecordingSink();
    try (KubeSource source = new KubeSource(server.config(), "n1", false, Duration.ofMinutes(5))) {
      source.start(sink);
      Eventually.holds("in sync", sink::synced);
      awaitCount(1);
      assertThat(events().getFirst().getInvolvedObject().getName()).isEqualTo("bad");
      assertThat(events().getFirst().getReason()).isEqualTo("LeftOut");
      assertThat(events().getFirst().getMessage()).contains("\"nonsense\" is not an IP address");
      source.report(WEB, "AddressConflict", SENTENCE);
      Eventually.holds("both", () -> events().size() == 2);
    }
  }
}
