package io.fairlead.cni;

import io.fairlead.cni.attach.BridgeNetwork;
import io.fairlead.cni.ipam.AddressPool;
import io.fairlead.cni.ipam.ImportedLease;
import io.fairlead.cni.ipam.ImportedLeases;
import io.fairlead.cni.ipam.Lease;
import io.fairlead.cni.protocol.AttachmentKey;
import io.fairlead.cni.protocol.CniProtocol;
import io.fairlead.cni.wire.CniRequest;
import io.fairlead.cni.wire.CniResponse;
import io.fairlead.cni.wire.DeleteQueue;
import io.fairlead.dataplane.evidence.Comparison;
import io.fairlead.dataplane.model.IpAddress;
import io.fairlead.dataplane.netlink.route.Link;
import io.fairlead.dataplane.netlink.route.RouteEvent;
import io.fairlead.dataplane.netlink.route.RouteKernel;
import io.fairlead.dataplane.netlink.route.RouteOperation;
import io.fairlead.dataplane.sys.OwnedDescriptor;
import java.io.IOException;
import java.time.Duration;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/**
 * Attaches and detaches pods as the CNI binary asks. Thread-safe; requests about one attachment
 * take turns, so that a DEL that overtakes a slow ADD waits for it.
 *
 * <p>Start: {@link #configure} as soon as the pod CIDRs are known, {@link #replay}, {@link
 * #reconcile}, and then serve {@link #handle}.
 */
public final class CniService implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(CniService.class);

  /** How long the start waits for links that an earlier agent was asked to remove. */
  private static final Duration PATIENCE = Duration.ofSeconds(5);

  private final AddressPool pool;
  private final BridgeNetwork network;
  private final PodAdmission admission;
  private final List<AttachmentRules> rules;
  private final Teardown teardown;
  private final PodVerbs verbs;
  private final GoneLinks goneLinks;

  /** Opens the kernel of a pod's namespace over a NETLINK_ROUTE socket that was opened in it. */
  @FunctionalInterface
  public interface PodKernels {
    RouteKernel open(OwnedDescriptor netlink) throws IOException;
  }

  /**
   * A service without settings: until {@link #configure} every ADD is asked to try again.
   *
   * @param pool which this service closes
   * @param network which this service closes
   * @param pods {@code RouteSocket::adopt}
   * @param admission asked before an interface is made, and told when it is gone
   * @param rules put in force in this order, and taken away in the reverse one
   * @param connectivityTrouble what keeps attached pods from reaching others, as a sentence, or
   *     empty; asked by STATUS
   */
  public CniService(
      AddressPool pool,
      BridgeNetwork network,
      PodKernels pods,
      PodAdmission admission,
      List<AttachmentRules> rules,
      Supplier<Optional<String>> connectivityTrouble) {
    this.pool = pool;
    this.network = network;
    this.admission = admission;
    this.rules = List.copyOf(rules);
    this.teardown = new Teardown(network, pool, admission, this.rules.reversed());
    this.verbs =
        new PodVerbs(pool, network, pods, admission, this.rules, teardown, connectivityTrouble);
    this.goneLinks = new GoneLinks(pool, network, verbs);
  }

  /**
   * From now on a container's DEL ends what it was leased before there was fairlead, too, and GC
   * frees what is left of that.
   */
  public void respect(ImportedLeases imported) {
    verbs.respect(imported);
  }

  /**
   * A link of the host's namespace is gone. If it was a pod's, and nobody asked for that, what the
   * pod held is freed: its addresses, its rules, its admission. Returns at once.
   */
  public void linkGone(Link link) {
    goneLinks.gone(link);
  }

  /**
   * Looks for pods whose link is gone and of which {@link #linkGone} was not told. Frees them in
   * the background.
   *
   * @throws IOException if the links cannot be read
   */
  public void findGoneLinks() throws IOException {
    goneLinks.look();
  }

  /**
   * Puts settings into effect: the ranges to allocate from, and the bridge. Pods that are attached
   * keep what they have. Cheap if nothing differs from the kernel's state, so that it may be called
   * as an audit.
   *
   * @return the operations that the bridge took; none without a pod CIDR
   * @throws IOException if the bridge cannot be made; every ADD tries it again
   */
  public List<RouteOperation> configure(CniSettings settings) throws IOException {
    pool.configure(settings.podCidrs());
    return verbs.configure(settings.bridge());
  }

  /**
   * What {@link #configure} would change in the kernel with the present settings, and which links
   * of attachments are missing or too much. Changes nothing; without a pod CIDR there is nothing to
   * compare. What comes or goes just now is right either way.
   *
   * @throws IOException if the links cannot be read
   */
  public Comparison compare() throws IOException {
    Set<AttachmentKey> leaving = teardown.leaving(); // before links are read, which may go
    return verbs.compare(key -> leaving.contains(key) || admission.isWaiting(key));
  }

  /**
   * Whether an event of the host's namespace shows the bridge or a pod's port other than {@link
   * #configure} left it, so that it should be called again.
   *
   * @throws IOException if the kernel cannot be asked
   */
  public boolean isDisturbedBy(RouteEvent event) throws IOException {
    return network.isDisturbedBy(event);
  }

  /**
   * Answers one execution of the CNI binary.
   *
   * @param descriptors the pod's network namespace and a netlink socket in it for ADD and CHECK,
   *     else empty; they stay the caller's
   */
  public CniResponse handle(CniRequest request, List<OwnedDescriptor> descriptors) {
    CniResponse response = CniProtocol.answer(request, verbs.with(descriptors));
    if (response.exitCode() != 0) {
      // Runtimes ask for STATUS every few seconds, and the agent's own health says the same.
      LOG.atLevel(
              "STATUS".equals(request.environment().get("CNI_COMMAND")) ? Level.DEBUG : Level.WARN)
          .log("CNI request {} failed: {}", request, response.text().strip());
    }
    return response;
  }

  /**
   * Takes back an ADD whose answer nobody heard: the binary was killed. The runtime's DEL may have
   * been here before that ADD began, and there need not be another. What was attached anew since
   * then has other addresses, and stays.
   */
  public void unheard(CniRequest request, CniResponse response) {
    if (!"ADD".equals(request.environment().get("CNI_COMMAND")) || response.exitCode() != 0) {
      return;
    }
    LOG.warn("CNI request {} is taken back: the plugin was killed before its answer.", request);
    CniProtocol.takeBack(request, response, verbs::takeBack);
  }

  /**
   * Carries out the deletions that were queued while there was no agent. One that fails is set
   * aside: its pod is gone, and {@link #reconcile} frees what it held.
   *
   * @return how many were carried out
   * @throws IOException if the queue cannot be read
   */
  public int replay(DeleteQueue queue) throws IOException {
    DeleteQueue.Contents contents = queue.read();
    contents.problems().forEach(LOG::warn);
    int done = 0;
    for (DeleteQueue.Queued deletion : contents.deletions()) {
      CniResponse response = handle(deletion.request(), List.of());
      if (response.exitCode() == 0) {
        queue.remove(deletion);
        done++;
      } else {
        LOG.warn(queue.setAside(deletion, response.text().strip()));
      }
    }
    return done;
  }

  /**
   * What {@link #reconcile} found.
   *
   * @param freed leases whose link was gone
   * @param adopted links whose lease was gone
   */
  public record Reconciled(List<Lease> freed, List<Lease> adopted) {}

  /**
   * Makes leases and links agree: removes the links that an earlier agent was asked to, frees
   * addresses whose link is gone, as after a killed ADD, and leases those that a link still has, as
   * after a damaged journal. Call it before requests are served.
   *
   * @throws IOException if the links cannot be read; nothing was changed
   */
  public Reconciled reconcile() throws IOException {
    pool.retiring().forEach(lease -> teardown.submit(lease.key()));
    teardown.awaitAll(PATIENCE);
    Set<AttachmentKey> leaving = teardown.leaving(); // before links are read, which may go
    Map<AttachmentKey, Lease> links = new HashMap<>();
    network.attachments().forEach(lease -> links.put(lease.key(), lease));
    List<Lease> freed =
        pool.leases().stream().filter(lease -> !links.containsKey(lease.key())).toList();
    for (Lease lease : freed) {
      admission.dismiss(lease.key());
      pool.release(lease.key());
    }
    pool.leases().forEach(lease -> links.remove(lease.key()));
    links.keySet().removeAll(leaving);
    List<Lease> adopted = List.copyOf(links.values());
    for (Lease lease : adopted) {
      LOG.atWarn()
          .addKeyValue("attachment", lease.key())
          .addKeyValue("pod", lease.pod())
          .log(
              "The lease of a pod was lost and is made again; host ports and bandwidth that it had"
                  + " come back when the pod is made again");
      pool.adopt(lease);
      admission.adopt(lease);
    }
    for (AttachmentRules each : rules) {
      each.restore(pool.leases());
    }
    return new Reconciled(freed, adopted);
  }

  /**
   * Who is attached as far as leases or links tell: what there is before {@link #reconcile} has
   * made them agree.
   *
   * @throws IOException if the links cannot be read
   */
  public static List<Lease> present(AddressPool pool, BridgeNetwork network) throws IOException {
    Map<AttachmentKey, Lease> present = new LinkedHashMap<>();
    pool.leases().forEach(lease -> present.put(lease.key(), lease));
    network.attachments().forEach(lease -> present.putIfAbsent(lease.key(), lease));
    return List.copyOf(present.values());
  }

  /**
   * Lets ADDs fail that wait for their pods to be let in, so that the agent can end; what asks
   * again finds the next agent.
   */
  public void stopAdmitting() {
    admission.stop();
  }

  /** Who is attached, in the order of attaching. */
  public List<Attachment> attachments() {
    return pool.leases().stream()
        .map(lease ->
            new Attachment(
                lease.key(), lease.pod(), lease.addresses(), BridgeNetwork.hostName(lease.key())))
        .toList();
  }

  /** How many are attached or about to be; costs the same however many. */
  public int attached() {
    return pool.size();
  }

  /** The leases of those who are attached or about to be, oldest first. */
  public List<Lease> leases() {
    return pool.leases();
  }

  /** The leases of those who were asked to go and whose link is not gone yet, oldest first. */
  public List<Lease> leaving() {
    return pool.retiring();
  }

  /** Whether an attachment waits to be let in. */
  public boolean isWaiting(AttachmentKey key) {
    return admission.isWaiting(key);
  }

  /** Addresses that are held for containers of the network that was here before. */
  public List<ImportedLease> imported() {
    return pool.imported();
  }

  /** Free addresses that were in use; of each pod CIDR in the order of their use to come. */
  public List<IpAddress> released() {
    return pool.released();
  }

  /** How full the pod CIDRs are. */
  public List<AddressPool.Usage> usage() {
    return pool.usage();
  }

  /**
   * Waits until the links of all attachments that were deleted are gone, and their addresses free.
   *
   * @return whether they are
   */
  public boolean awaitRemovals(Duration patience) {
    return teardown.awaitAll(patience);
  }

  /**
   * Closes the pool and the network; the kernel's state stays, but for links that were about to be
   * removed: those go first if the kernel gets it done within seconds.
   */
  @Override
  public void close() throws IOException {
    goneLinks.close();
    teardown.close();
    network.close();
    pool.close();
  }
}
