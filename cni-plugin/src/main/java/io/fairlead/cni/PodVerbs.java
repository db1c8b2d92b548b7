package io.fairlead.cni;

import io.fairlead.cni.attach.AttachmentCheck;
import io.fairlead.cni.attach.BridgeNetwork;
import io.fairlead.cni.attach.BridgeSettings;
import io.fairlead.cni.attachment.AddressRequest;
import io.fairlead.cni.attachment.AttachmentOptions;
import io.fairlead.cni.ipam.AddressPool;
import io.fairlead.cni.ipam.Allocation;
import io.fairlead.cni.ipam.ImportedLeases;
import io.fairlead.cni.ipam.Lease;
import io.fairlead.cni.protocol.AttachmentKey;
import io.fairlead.cni.protocol.CniArguments;
import io.fairlead.cni.protocol.CniCall;
import io.fairlead.cni.protocol.CniErrorCode;
import io.fairlead.cni.protocol.CniException;
import io.fairlead.cni.protocol.CniResult;
import io.fairlead.cni.protocol.CniVerbs;
import io.fairlead.cni.protocol.NetworkConfig;
import io.fairlead.dataplane.evidence.Comparison;
import io.fairlead.dataplane.model.AddressFamily;
import io.fairlead.dataplane.model.IpAddress;
import io.fairlead.dataplane.netlink.route.RouteKernel;
import io.fairlead.dataplane.netlink.route.RouteOperation;
import io.fairlead.dataplane.sys.OwnedDescriptor;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The verbs over an address pool and a bridge. Thread-safe. */
final class PodVerbs {

  private static final Logger LOG = LoggerFactory.getLogger(PodVerbs.class);

  /** How long a request waits for links that are just being removed. */
  private static final Duration PATIENCE = Duration.ofSeconds(5);

  private static final int LEAST_IPV6_MTU = 1280; // RFC 8200 section 5

  private final AddressPool pool;
  private final BridgeNetwork network;
  private final CniService.PodKernels pods;
  private final PodAdmission admission;
  private final List<AttachmentRules> rules;
  private final Supplier<Optional<String>> connectivityTrouble;
  private final Teardown teardown;
  private final AttachmentLocks locks = new AttachmentLocks();
  private volatile @Nullable BridgeSettings settings;
  private volatile @Nullable ImportedLeases imported;

  PodVerbs(
      AddressPool pool,
      BridgeNetwork network,
      CniService.PodKernels pods,
      PodAdmission admission,
      List<AttachmentRules> rules,
      Teardown teardown,
      Supplier<Optional<String>> connectivityTrouble) {
    this.pool = pool;
    this.network = network;
    this.pods = pods;
    this.admission = admission;
    this.rules = List.copyOf(rules);
    this.teardown = teardown;
    this.connectivityTrouble = connectivityTrouble;
  }

  List<RouteOperation> configure(BridgeSettings bridge) throws IOException {
    settings = bridge;
    List<AddressPool.Usage> ranges = pool.usage();
    if (ranges.isEmpty()) {
      return List.of();
    }
    List<RouteOperation> operations = network.ensureBridge(bridge, ranges, pool.leases());
    pool.keep(network.bridgeAddresses());
    return operations;
  }

  /**
   * What {@link #configure} would change, and which links are missing or too much. Changes nothing.
   */
  Comparison compare(Predicate<AttachmentKey> leaving) throws IOException {
    BridgeSettings current = settings;
    List<AddressPool.Usage> ranges = pool.usage();
    if (current == null || ranges.isEmpty()) {
      return Comparison.NOTHING;
    }
    return network.compare(
        current, ranges, pool.leases(), key -> locks.isBusy(key) || leaving.test(key));
  }

  void respect(ImportedLeases leases) {
    imported = leases;
  }

  /** The verbs for one request. */
  CniVerbs with(List<OwnedDescriptor> descriptors) {
    return new CniVerbs() {
      @Override
      public CniResult add(CniCall call) throws CniException {
        return locks.exclusively(call.key(), () -> PodVerbs.this.add(call, Pod.of(descriptors)));
      }

      @Override
      public void delete(CniCall call) throws CniException {
        remove(call.key());
        ImportedLeases former = imported;
        if (former != null) {
          former.end(call.key());
        }
      }

      @Override
      public void check(CniCall call, CniResult previous) throws CniException {
        locks.exclusively(
            call.key(),
            () -> {
              PodVerbs.this.check(call, previous, Pod.of(descriptors));
              return true;
            });
      }

      @Override
      public void status(NetworkConfig config) throws CniException {
        PodVerbs.this.status();
      }

      @Override
      public void collectGarbage(String name, Set<AttachmentKey> valid) throws CniException {
        PodVerbs.this.collectGarbage(name, valid);
      }
    };
  }

  /** The descriptors that the binary passes for ADD and CHECK. */
  private record Pod(OwnedDescriptor namespace, OwnedDescriptor netlink) {

    static Pod of(List<OwnedDescriptor> descriptors) throws CniException {
      if (descriptors.size() != 2) {
        throw new CniException(
            CniErrorCode.INVALID_ENVIRONMENT,
            "the request came without the pod's network namespace; is the CNI binary of this"
                + " version?");
      }
      return new Pod(descriptors.getFirst(), descriptors.getLast());
    }
  }

  private CniResult add(CniCall call, Pod pod) throws CniException {
    AttachmentOptions options = call.config().options(call.environment().arguments());
    List<Allocation> allocations = allocate(call, options);
    AtomicBoolean linked = new AtomicBoolean();
    boolean attached = false;
    try (RouteKernel kernel = open(pod.netlink())) {
      Lease lease = pool.lease(call.key()).orElseThrow();
      // Before there is an interface: not a packet goes past policies.
      admission.admit(lease);
      for (AttachmentRules each : rules) {
        each.prepare(lease);
      }
      BridgeSettings current = bridge();
      int mtu = mtu(lease, current);
      Attaching attaching =
          () ->
              network.attach(
                  lease, allocations, mtu, pod.namespace(), kernel, () -> linked.set(true));
      BridgeNetwork.Attached done = attach(attaching);
      attached = true;
      LOG.debug("Attached {} {} as {}.", call.key(), lease.pod(), lease.addresses());
      return AddResult.of(call, done, allocations, mtu);
    } finally {
      if (!attached) {
        undo(call.key(), linked.get());
      }
    }
  }

  /** The MTU of an attachment, which no port of the bridge may have more of than the bridge. */
  private static int mtu(Lease lease, BridgeSettings bridge) throws CniException {
    int asked = lease.options().port().mtu();
    if (asked > bridge.mtu()) {
      throw new CniException(
          CniErrorCode.INVALID_CONFIG,
          "the configured \"mtu\" "
              + asked
              + " is larger than the "
              + bridge.mtu()
              + " bytes that fit through this pod network");
    }
    boolean ipv6 = lease.addresses().stream().anyMatch(a -> a.family() == AddressFamily.IPV6);
    if (asked != 0 && asked < LEAST_IPV6_MTU && ipv6) {
      throw new CniException(
          CniErrorCode.INVALID_CONFIG,
          "the configured \"mtu\" "
              + asked
              + " is less than the "
              + LEAST_IPV6_MTU
              + " bytes that IPv6 needs");
    }
    return asked == 0 ? bridge.mtu() : asked;
  }

  /** Leases addresses; those of attachments that are just being removed are worth waiting for. */
  private List<Allocation> allocate(CniCall call, AttachmentOptions options) throws CniException {
    CniArguments arguments = call.environment().arguments();
    AddressRequest requested = call.config().addressRequest(arguments);
    teardown.awaitGone(call.key(), PATIENCE);
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    while (true) {
      long gone = teardown.gone();
      try {
        return pool.allocate(call.key(), requested, arguments.pod(), arguments.podUid(), options);
      } catch (CniException e) {
        boolean mayChange =
            e.code() == CniErrorCode.TRY_AGAIN || e.code() == CniErrorCode.ADDRESS_UNAVAILABLE;
        Duration left = Duration.ofNanos(deadline - System.nanoTime());
        if (!mayChange || !teardown.awaitMoreThan(gone, left)) {
          throw e;
        }
      }
    }
  }

  /**
   * Takes back what a failed ADD did. A link that the kernel does not give up keeps its addresses
   * from others, and is tried again.
   */
  private void undo(AttachmentKey key, boolean linked) {
    rules.reversed().forEach(each -> each.leave(key));
    if (linked) {
      pool.retire(key);
      teardown.submit(key);
      teardown.awaitAttempt(List.of(key), PATIENCE);
    } else {
      rules.reversed().forEach(each -> each.forget(key));
      admission.dismiss(key);
      pool.release(key);
    }
  }

  private interface Attaching {
    BridgeNetwork.Attached run() throws CniException;
  }

  /** Attaches, after making the bridge again if that turns out to have been deleted. */
  private BridgeNetwork.Attached attach(Attaching attaching) throws CniException {
    try {
      return attaching.run();
    } catch (CniException e) {
      if (e.code() != CniErrorCode.TRY_AGAIN) {
        throw e;
      }
      LOG.warn("{}; it is made again.", e.sentence());
      bridge();
      return attaching.run();
    }
  }

  /** The settings, with the bridge in place. */
  private BridgeSettings bridge() throws CniException {
    BridgeSettings current = settings;
    if (current == null) {
      throw new CniException(CniErrorCode.TRY_AGAIN, "the agent is not configured yet");
    }
    try {
      if (!network.isReady()) {
        configure(current);
      }
      return current;
    } catch (IOException e) {
      throw new CniException(
          CniErrorCode.KERNEL_FAILURE,
          "the bridge " + current.name() + " cannot be set up: " + e.getMessage(),
          e);
    }
  }

  private RouteKernel open(OwnedDescriptor netlink) throws CniException {
    try {
      return pods.open(netlink);
    } catch (IOException e) {
      throw new CniException(
          CniErrorCode.KERNEL_FAILURE,
          "the netlink socket in the pod cannot be used: " + e.getMessage(),
          e);
    }
  }

  /**
   * Has an attachment removed, without waiting for the kernel; an ADD that waits to be let in gives
   * up for it.
   */
  private void remove(AttachmentKey key) throws CniException {
    admission.cancel(key);
    locks.exclusively(
        key,
        () -> {
          if (!teardown.isLeaving(key)) {
            detach(key);
          }
          return true;
        });
  }

  /**
   * Removes an attachment if it still has these addresses: if it is the one whose ADD got them, and
   * none that was made since.
   */
  void takeBack(AttachmentKey key, List<IpAddress> addresses) throws CniException {
    locks.exclusively(
        key,
        () -> {
          Lease lease = pool.lease(key).orElse(null);
          if (lease != null && addresses.containsAll(lease.addresses())) {
            detach(key);
          }
          return true;
        });
  }

  /**
   * Frees what an attachment holds whose link the kernel has removed, as it does when a pod's
   * namespace dies. Waits for whatever else is done with that attachment, and looks then.
   *
   * @param looking called before it looks
   * @return whether there was something to free
   */
  boolean freeIfGone(AttachmentKey key, Runnable looking) throws CniException {
    return locks.exclusively(
        key,
        () -> {
          looking.run();
          Lease lease = pool.lease(key).orElse(null);
          if (lease == null || network.isLinked(key)) {
            return false;
          }
          detach(key);
          LOG.atInfo()
              .addKeyValue("attachment", key)
              .addKeyValue("pod", lease.pod())
              .addKeyValue("addresses", lease.addresses())
              .log("A pod is gone without a DEL; its addresses are free");
          return true;
        });
  }

  private void detach(AttachmentKey key) throws CniException {
    rules.reversed().forEach(each -> each.leave(key));
    boolean leased = pool.retire(key).isPresent();
    // Of one without a lease it is worth asking: its link may have lost it.
    if (leased || hasLinks(key)) {
      teardown.submit(key);
    } else {
      rules.reversed().forEach(each -> each.forget(key));
      admission.dismiss(key);
    }
    LOG.debug("{} goes (lease {}).", key, leased);
  }

  private boolean hasLinks(AttachmentKey key) throws CniException {
    try {
      return network.hasLinks(key);
    } catch (IOException e) {
      throw new CniException(
          CniErrorCode.KERNEL_FAILURE,
          "the links of " + key + " cannot be read: " + e.getMessage(),
          e);
    }
  }

  private void check(CniCall call, CniResult previous, Pod pod) throws CniException {
    Lease lease = pool.lease(call.key()).orElse(null);
    if (lease == null) {
      throw new CniException(
          CniErrorCode.CHECK_FAILED, "the attachment " + call.key() + " has no address lease");
    }
    try (RouteKernel kernel = open(pod.netlink())) {
      AttachmentCheck.check(lease, previous, network, kernel);
    }
  }

  private void status() throws CniException {
    Optional<String> trouble = pool.trouble();
    if (trouble.isPresent()) {
      throw new CniException(CniErrorCode.NOT_AVAILABLE, trouble.get());
    }
    if (!network.isReady()) {
      throw new CniException(CniErrorCode.NOT_AVAILABLE, "the pod bridge is not set up");
    }
    Optional<String> degraded = connectivityTrouble.get();
    if (degraded.isPresent()) {
      throw new CniException(CniErrorCode.LIMITED_CONNECTIVITY, degraded.get());
    }
  }

  private void collectGarbage(String name, Set<AttachmentKey> valid) throws CniException {
    Set<AttachmentKey> keys = new TreeSet<>();
    pool.leases().forEach(lease -> keys.add(lease.key()));
    List<String> problems = new ArrayList<>();
    try {
      network.attachments().forEach(lease -> keys.add(lease.key()));
    } catch (IOException e) {
      problems.add("the host's links cannot be read: " + e.getMessage());
    }
    keys.removeIf(key -> !key.network().equals(name) || valid.contains(key));
    for (AttachmentKey key : keys) {
      try {
        remove(key);
      } catch (CniException e) {
        problems.add(key + ": " + e.sentence());
      }
    }
    teardown
        .awaitAttempt(keys, PATIENCE)
        .forEach((key, failure) ->
            problems.add(
                key
                    + ": "
                    + (failure == null ? "the kernel still works at it" : failure.getMessage())));
    ImportedLeases former = imported;
    if (former != null) {
      former.collectGarbage(name, valid);
    }
    if (!problems.isEmpty()) {
      throw new CniException(
          CniErrorCode.KERNEL_FAILURE,
          problems.size() + " attachments could not be removed",
          String.join("\n", problems));
    }
  }
}
