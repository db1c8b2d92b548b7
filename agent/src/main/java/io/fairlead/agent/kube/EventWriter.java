package io.fairlead.agent.kube;

import io.fabric8.kubernetes.api.model.Event;
import io.fabric8.kubernetes.api.model.EventBuilder;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.Resource;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import io.fairlead.agent.kube.EventQueue.Report;
import io.fairlead.agent.source.ObjectReference;
import io.fairlead.dataplane.model.ObjectKey;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/**
 * Writes Events (core/v1). Equal reports of all nodes are one Event, named by what it says, whose
 * count goes up: a thousand nodes see the same conflict.
 */
final class EventWriter {

  private static final int CONFLICT = 409;
  private static final int NOT_FOUND = 404;

  /** The API server takes no longer messages (pkg/apis/core/validation events.go). */
  private static final int LONGEST_MESSAGE = 1024;

  private final KubernetesClient client;
  private final String nodeName;

  EventWriter(KubernetesClient client, String nodeName) {
    this.client = client;
    this.nodeName = nodeName;
  }

  /**
   * Writes or counts up an Event. There is none of an object that is gone.
   *
   * @throws KubernetesClientException if the API server does not take it
   */
  void write(Report report, int times) {
    String now = Instant.now().truncatedTo(ChronoUnit.SECONDS).toString();
    Resource<Event> event =
        client.v1().events().inNamespace(report.object().key().namespace()).withName(name(report));
    Event present = event.get();
    if (present == null) {
      if (create(report, times, now)) {
        return;
      }
      present = event.get();
    }
    int before = present == null || present.getCount() == null ? 0 : present.getCount();
    count(event, before + times, now);
  }

  /** Whether that settles it; false if another node was faster. */
  private boolean create(Report report, int times, String now) {
    ObjectKey key = report.object().key();
    HasMetadata object = find(report.object());
    if (object == null) {
      return true;
    }
    try {
      // describe shows the Events of just this object, so its uid is needed.
      client
          .resource(
              new EventBuilder()
                  .withNewMetadata()
                  .withNamespace(key.namespace())
                  .withName(name(report))
                  .endMetadata()
                  .withNewInvolvedObject()
                  .withApiVersion(report.object().kind().apiVersion())
                  .withKind(report.object().kind().kubernetesName())
                  .withNamespace(key.namespace())
                  .withName(key.name())
                  .withUid(object.getMetadata().getUid())
                  .endInvolvedObject()
                  .withType("Warning")
                  .withReason(report.reason())
                  .withMessage(shortened(report.sentence()))
                  .withCount(times)
                  .withFirstTimestamp(now)
                  .withLastTimestamp(now)
                  .withNewSource("fairlead", nodeName)
                  .withReportingComponent("fairlead")
                  .withReportingInstance(nodeName)
                  .build())
          .create();
      return true;
    } catch (KubernetesClientException e) {
      if (e.getCode() == CONFLICT) {
        return false;
      }
      throw e;
    }
  }

  private @Nullable HasMetadata find(ObjectReference object) {
    String namespace = object.key().namespace();
    String name = object.key().name();
    return switch (object.kind()) {
      case SERVICE -> client.services().inNamespace(namespace).withName(name).get();
      case NETWORK_POLICY ->
          client.network().v1().networkPolicies().inNamespace(namespace).withName(name).get();
    };
  }

  private static void count(Resource<Event> event, int count, String now) {
    try {
      event.patch(
          PatchContext.of(PatchType.JSON_MERGE),
          "{\"count\":" + count + ",\"lastTimestamp\":\"" + now + "\"}");
    } catch (KubernetesClientException e) {
      if (e.getCode() != NOT_FOUND) {
        throw e;
      }
      // It has expired between two requests; the next report makes another.
    }
  }

  private static String shortened(String sentence) {
    return sentence.length() <= LONGEST_MESSAGE
        ? sentence
        : sentence.substring(0, LONGEST_MESSAGE - 3) + "...";
  }

  private static String name(Report report) {
    try {
      byte[] digest =
          MessageDigest.getInstance("SHA-256")
              .digest(
                  (report.object().kind().kubernetesName()
                          + '\n'
                          + report.reason()
                          + '\n'
                          + report.sentence())
                      .getBytes(StandardCharsets.UTF_8));
      return report.object().key().name() + "." + HexFormat.of().formatHex(digest, 0, 8);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }
}
