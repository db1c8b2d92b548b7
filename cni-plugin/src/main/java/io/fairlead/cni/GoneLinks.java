package io.fairlead.cni;

import io.fairlead.cni.attach.BridgeNetwork;
import io.fairlead.cni.ipam.AddressPool;
import io.fairlead.cni.ipam.Lease;
import io.fairlead.cni.protocol.AttachmentKey;
import io.fairlead.cni.protocol.CniException;
import io.fairlead.dataplane.netlink.route.Link;
import java.io.IOException;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Leases whose link the kernel has removed, without a DEL: the runtime was killed, or it deleted
 * the pod's namespace and never asked again after a DEL that failed. Each is freed on a thread of
 * its own, which waits for what is done with that attachment at the time: it may be an ADD that
 * waits for the very thread that tells of the link. Thread-safe.
 */
final class GoneLinks implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(GoneLinks.class);

  private final AddressPool pool;
  private final BridgeNetwork network;
  private final PodVerbs verbs;
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final Set<AttachmentKey> waiting = ConcurrentHashMap.newKeySet();

  GoneLinks(AddressPool pool, BridgeNetwork network, PodVerbs verbs) {
    this.pool = pool;
    this.network = network;
    this.verbs = verbs;
  }

  /** A link of the host is gone. Returns at once. */
  void gone(Link link) {
    // A DEL retires or ends the lease itself; what it removes is not looked at.
    BridgeNetwork.attachmentOf(link)
        .filter(key -> pool.lease(key).isPresent())
        .ifPresent(this::free);
  }

  /**
   * Looks for leases without a link, as events may have been lost. Returns when they are known, not
   * when they are free.
   */
  void look() throws IOException {
    List<Lease> leases = pool.leases();
    Set<AttachmentKey> linked =
        network.attachments().stream().map(Lease::key).collect(Collectors.toSet());
    leases.stream().map(Lease::key).filter(key -> !linked.contains(key)).forEach(this::free);
  }

  private void free(AttachmentKey key) {
    if (!waiting.add(key)) {
      return; // Whoever waits already has not looked yet.
    }
    try {
      threads.execute(() -> {
        try {
          verbs.freeIfGone(key, () -> waiting.remove(key));
        } catch (CniException e) {
          LOG.warn("What {} held cannot be freed now: {}", key, e.sentence());
        } finally {
          waiting.remove(key);
        }
      });
    } catch (RejectedExecutionException e) {
      waiting.remove(key); // The agent ends; the next one finds the lease.
    }
  }

  /** Waits for those that are being freed. */
  @Override
  public void close() {
    threads.close();
  }
}
