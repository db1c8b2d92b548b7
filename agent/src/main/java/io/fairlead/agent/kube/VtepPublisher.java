package io.fairlead.agent.kube;

import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import io.fairlead.dataplane.model.MacAddress;
import io.fairlead.dataplane.model.NodeRecord;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps the annotation with the VTEP's MAC address on the own Node, by a JSON merge patch (RFC
 * 7396) that touches nothing else. Writes only what differs from the Node as last seen.
 * Thread-safe.
 */
final class VtepPublisher {

  private static final Logger LOG = LoggerFactory.getLogger(VtepPublisher.class);
  private static final long FIRST_RETRY_MILLISECONDS = 500;
  private static final long LONGEST_RETRY_MILLISECONDS = 60_000;

  private final KubernetesClient client;
  private final String nodeName;
  private final ScheduledExecutorService executor;
  private @Nullable MacAddress wanted;
  private @Nullable NodeRecord seen;
  private boolean scheduled;
  private long retry = FIRST_RETRY_MILLISECONDS;

  VtepPublisher(KubernetesClient client, String nodeName, ScheduledExecutorService executor) {
    this.client = client;
    this.nodeName = nodeName;
    this.executor = executor;
  }

  synchronized void publish(MacAddress mac) {
    wanted = mac;
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
        LOG.debug("The source is closed; the VTEP's MAC address is not published");
      }
    }
  }

  private synchronized @Nullable MacAddress pending() {
    return wanted != null && seen != null && !wanted.equals(seen.vtepMac()) ? wanted : null;
  }

  private void attempt() {
    MacAddress mac = pending();
    if (mac == null) {
      finished(null);
      return;
    }
    try {
      client
          .nodes()
          .withName(nodeName)
          .patch(
              PatchContext.of(PatchType.JSON_MERGE),
              "{\"metadata\":{\"annotations\":{\"" + Labels.VTEP_MAC + "\":\"" + mac + "\"}}}");
      LOG.info("Node {} now carries {}={}", nodeName, Labels.VTEP_MAC, mac);
      finished(mac);
    } catch (KubernetesClientException e) {
      LOG.warn(
          "Node {} could not be given its {} annotation, which other nodes need; retrying: {}{}",
          nodeName,
          Labels.VTEP_MAC,
          ApiFailure.describe(e),
          e.getCode() == 403 ? ". Grant the agent's service account patch on nodes" : "");
      failed();
    }
  }

  private synchronized void finished(@Nullable MacAddress published) {
    scheduled = false;
    retry = FIRST_RETRY_MILLISECONDS;
    NodeRecord node = seen;
    if (published != null && node != null) {
      seen = node.withVtepMac(published);
    }
    schedule(0);
  }

  private synchronized void failed() {
    scheduled = false;
    schedule(retry);
    retry = Math.min(2 * retry, LONGEST_RETRY_MILLISECONDS);
  }
}
