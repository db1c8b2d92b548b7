package io.fairlead.agent.kube;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import io.fairlead.agent.source.VtepAnnouncement;
import io.fairlead.dataplane.model.FlannelNode;
import io.fairlead.dataplane.model.NodeRecord;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps what other nodes must know of this one's end of the tunnel in annotations of the own Node,
 * by one JSON merge patch (RFC 7396) that touches nothing else. Writes only what differs from the
 * Node as last seen. Thread-safe.
 */
final class VtepPublisher {

  private static final Logger LOG = LoggerFactory.getLogger(VtepPublisher.class);
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final long FIRST_RETRY_MILLISECONDS = 500;
  private static final long LONGEST_RETRY_MILLISECONDS = 60_000;

  private final KubernetesClient client;
  private final String nodeName;
  private final ScheduledExecutorService executor;
  private @Nullable VtepAnnouncement wanted;
  private @Nullable NodeRecord seen;
  private boolean scheduled;
  private long retry = FIRST_RETRY_MILLISECONDS;

  VtepPublisher(KubernetesClient client, String nodeName, ScheduledExecutorService executor) {
    this.client = client;
    this.nodeName = nodeName;
    this.executor = executor;
  }

  synchronized void publish(VtepAnnouncement announcement) {
    wanted = announcement;
    schedule(0);
  }

  /** The own Node as the watch delivered it; null when it is gone. */
  synchronized void seen(@Nullable NodeRecord node) {
    seen = node;
    schedule(0);
  }

  private synchronized void schedule(long milliseconds) {
    if (!scheduled && pending() != null) {
      scheduled = true;
      try {
        var unusedFuture = executor.schedule(this::attempt, milliseconds, TimeUnit.MILLISECONDS);
      } catch (RejectedExecutionException e) {
        LOG.debug("The source is closed; the VTEP is not published");
      }
    }
  }

  /** The Node as it is to be, or null if it is so or unknown. */
  private synchronized @Nullable NodeRecord pending() {
    VtepAnnouncement announcement = wanted;
    NodeRecord node = seen;
    if (announcement == null || node == null) {
      return null;
    }
    FlannelNode flannel = announcement.flannel(node);
    NodeRecord better =
        node.withVtepMac(announcement.mac())
            .withFlannel(flannel == null ? node.flannel() : flannel);
    return better.equals(node) ? null : better;
  }

  private static Map<String, String> annotations(NodeRecord node, VtepAnnouncement announcement) {
    Map<String, String> annotations = new LinkedHashMap<>();
    annotations.put(Labels.VTEP_MAC, announcement.mac().toString());
    FlannelNode flannel = announcement.flannel(node);
    if (flannel != null) {
      annotations.putAll(FlannelNodeText.write(flannel));
    }
    return annotations;
  }

  private void attempt() {
    Attempt attempt = begin();
    if (attempt == null) {
      finished(null);
      return;
    }
    Map<String, String> annotations = attempt.annotations();
    try {
      client
          .nodes()
          .withName(nodeName)
          .patch(PatchContext.of(PatchType.JSON_MERGE), patch(annotations));
      LOG.info("Node {} now carries {}", nodeName, annotations);
      finished(attempt);
    } catch (KubernetesClientException e) {
      LOG.warn(
          "Node {} could not be given its annotations {}, which other nodes need; retrying: {}{}",
          nodeName,
          annotations.keySet(),
          ApiFailure.describe(e),
          e.getCode() == 403 ? ". Grant the agent's service account get and patch on nodes" : "");
      failed();
    }
  }

  /**
   * A patch.
   *
   * @param basis the Node as it was seen then
   * @param result the Node as it is after it
   */
  private record Attempt(NodeRecord basis, NodeRecord result, Map<String, String> annotations) {}

  private synchronized @Nullable Attempt begin() {
    NodeRecord basis = seen;
    NodeRecord result = pending();
    VtepAnnouncement announcement = wanted;
    return basis == null || result == null || announcement == null
        ? null
        : new Attempt(basis, result, annotations(result, announcement));
  }

  private static String patch(Map<String, String> annotations) {
    ObjectNode patch = JSON.createObjectNode();
    ObjectNode map = patch.putObject("metadata").putObject("annotations");
    annotations.forEach(map::put);
    return patch.toString();
  }

  private synchronized void finished(@Nullable Attempt published) {
    scheduled = false;
    retry = FIRST_RETRY_MILLISECONDS;
    if (published != null && Objects.equals(seen, published.basis())) {
      seen = published.result(); // Until the watch tells of it; what it tells then counts.
    }
    schedule(0);
  }

  private synchronized void failed() {
    scheduled = false;
    schedule(retry);
    retry = Math.min(2 * retry, LONGEST_RETRY_MILLISECONDS);
  }
}
