package io.fairlead.overlay;

import io.fairlead.dataplane.evidence.Comparison;
import io.fairlead.dataplane.evidence.RouteComparison;
import io.fairlead.dataplane.model.AddressFamily;
import io.fairlead.dataplane.model.MacAddress;
import io.fairlead.dataplane.model.NodeRecord;
import io.fairlead.dataplane.model.ObjectChange.NodeChanged;
import io.fairlead.dataplane.netlink.route.Link;
import io.fairlead.dataplane.netlink.route.LinkAddress;
import io.fairlead.dataplane.netlink.route.RecordingRoutes;
import io.fairlead.dataplane.netlink.route.Route;
import io.fairlead.dataplane.netlink.route.RouteEntry;
import io.fairlead.dataplane.netlink.route.RouteEvent;
import io.fairlead.dataplane.netlink.route.RouteFilter;
import io.fairlead.dataplane.netlink.route.RouteKernel;
import io.fairlead.dataplane.netlink.route.RouteOperation;
import io.fairlead.overlay.TunnelDeviceKeeper.DeviceException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Keeps the kernel's way to other nodes' pods as the Node records ask for it.
 *
 * <p>Ours, and alone touched, are the device {@code fairlead-vxlan} with all that is on it, and the
 * routes of the main table that have a gateway and protocol number {@link Route#PROTOCOL_FAIRLEAD}.
 * A change of one peer costs a few operations, however many peers there are. The first call, a
 * change of this node, of the options or of the underlay compares all with a dump of the kernel,
 * and changes only what differs: nothing after a restart. As long as this node's own record is
 * missing or the device cannot be made, what is in the kernel stays.
 *
 * <p>Modes are switched without loss, even while nodes switch at different moments: a route is
 * replaced in one step, the device remains for what peers still send through it, and the check of
 * the reverse path is made loose on it and on the underlay (see {@link ReversePathFilter}).
 *
 * <p>Every method that changes something throws IOException if the outcome is unknown; the next one
 * then compares everything. Not thread-safe.
 */
public final class Overlay {

  /** That of Ethernet. */
  private static final int DEFAULT_MTU = 1500;

  private final RouteKernel kernel;
  private final ReversePathFilter reversePath;
  private final String nodeName;
  private final TunnelDeviceKeeper keeper;
  private final CommittedEntries committed;
  private final Map<String, NodeRecord> nodes = new TreeMap<>();
  private final List<OverlayProblem> ownProblems = new ArrayList<>();
  private DesiredEntries desired = new DesiredEntries();
  private OverlayOptions options;
  private EventSorter sorter = EventSorter.BLIND;
  private @Nullable PeerPlanner planner;
  private final @Nullable ChecksumOffload offload;
  private final RepairLimit<Place> limit;
  private boolean retired;
  private boolean synced;
  private boolean unable;

  /**
   * The device was taken away while it was mended: the event of that has an index unknown to us.
   */
  private boolean vanished;

  /**
   * An overlay that has not touched the kernel yet.
   *
   * @param kernel stays the caller's to close, and is used by the calling threads only
   * @param nodeName this node's
   */
  public Overlay(
      RouteKernel kernel, ReversePathFilter reversePath, String nodeName, OverlayOptions options) {
    this(kernel, reversePath, nodeName, options, null, System::nanoTime);
  }

  /**
   * An overlay that has not touched the kernel yet.
   *
   * @param kernel stays the caller's to close, and is used by the calling threads only
   * @param nodeName this node's
   * @param offload turned off on the VXLAN device and kept so; null leaves it as it is
   * @param nanoTime the clock, {@code System::nanoTime} but in tests
   */
  public Overlay(
      RouteKernel kernel,
      ReversePathFilter reversePath,
      String nodeName,
      OverlayOptions options,
      @Nullable ChecksumOffload offload,
      LongSupplier nanoTime) {
    this.offload = offload;
    this.limit = new RepairLimit<>(nanoTime);
    this.kernel = kernel;
    this.reversePath = reversePath;
    this.nodeName = nodeName;
    this.options = options;
    this.keeper = new TunnelDeviceKeeper(kernel);
    this.committed = new CommittedEntries(kernel);
  }

  /** The MAC address for this node to publish: that of its VXLAN device, now and always. */
  public MacAddress vtepMac() {
    return VtepAddress.mac(nodeName);
  }

  /** Takes {@code all} for the complete list of nodes and compares everything. */
  public OverlayOutcome replaceNodes(Collection<NodeRecord> all) throws IOException {
    nodes.clear();
    all.forEach(node -> nodes.put(node.name(), node));
    return audit();
  }

  /** Takes over changes of nodes; those that are unchanged but were refused are tried again. */
  public OverlayOutcome updateNodes(Collection<NodeChanged> changes) throws IOException {
    boolean self = false;
    for (NodeChanged change : changes) {
      NodeRecord node = change.node();
      NodeRecord before =
          node == null ? nodes.remove(change.name()) : nodes.put(change.name(), node);
      self |= change.name().equals(nodeName) && (!isSame(before, node) || !ownProblems.isEmpty());
    }
    PeerPlanner current = planner;
    if (self || !synced || current == null) {
      return audit();
    }
    Set<Place> places = new LinkedHashSet<>();
    for (NodeChanged change : changes) {
      places.addAll(desired.put(change.name(), plan(current, change.node())));
    }
    return commit(places);
  }

  /** Whether nothing that the overlay reads of this node's own record differs. */
  private static boolean isSame(@Nullable NodeRecord a, @Nullable NodeRecord b) {
    return a != null
        && b != null
        && a.addresses().equals(b.addresses())
        && a.podCidrs().equals(b.podCidrs());
  }

  /**
   * What would have to change in the kernel for it to be right, as {@link #audit} would find.
   * Changes nothing.
   *
   * @throws IOException if the kernel cannot be read, or if what should be there cannot be told;
   *     the message says why
   */
  public Comparison compare() throws IOException {
    RecordingRoutes reader = new RecordingRoutes(kernel);
    ComparedSettings settings = new ComparedSettings();
    Overlay fresh =
        new Overlay(
            reader,
            settings.filter(reversePath),
            nodeName,
            options,
            settings.offload(offload),
            () -> 0);
    fresh.nodes.putAll(nodes);
    fresh.retired = retired;
    fresh.compare(new ArrayList<>());
    if (!fresh.synced) {
      throw new IOException(
          String.join("; ", fresh.ownProblems.stream().map(OverlayProblem::sentence).toList()));
    }
    return RouteComparison.of(reader, new OurEntries(fresh.sorter.device()))
        .plus(settings.result());
  }

  private static PeerPlan plan(PeerPlanner planner, @Nullable NodeRecord node) {
    return node == null ? PeerPlan.NOTHING : planner.plan(node);
  }

  /** Takes over other options. */
  public OverlayOutcome reconfigure(OverlayOptions next) throws IOException {
    retired &= next.mode() == options.mode();
    options = next;
    return audit();
  }

  /**
   * Repairs what events tell of. Our own changes cause events too; they find everything right. What
   * somebody changes again and again is repaired some times at once and then once a second; call
   * this again after {@link #dueIn}, with whatever events there are.
   *
   * @param events in the order in which they came
   */
  public OverlayOutcome handle(Collection<RouteEvent> events) throws IOException {
    if (!synced && !unable) {
      return audit();
    }
    Set<Place> places = new LinkedHashSet<>();
    if (events.stream().anyMatch(sorter::asksForAudit)) {
      places.add(Place.WHOLE);
    }
    if (!unable) {
      // A device that cannot be made causes events too; only those that promise better count.
      places.addAll(EventSorter.places(List.copyOf(events), desired, committed));
    }
    places.removeIf(place -> !limit.take(place));
    places.addAll(limit.due());
    if (places.remove(Place.WHOLE)) {
      return audit();
    }
    return unable ? new OverlayOutcome(List.of(), failures()) : commit(places);
  }

  /**
   * Nanoseconds after which something is to be repaired that has to wait, because somebody changes
   * it too often; {@link Long#MAX_VALUE} if there is none.
   */
  public long dueIn() {
    return limit.dueIn();
  }

  private OverlayOutcome commit(Set<Place> places) throws IOException {
    List<RouteOperation> applied = new ArrayList<>();
    synced = false;
    committed.commit(places, desired, applied);
    synced = true;
    return new OverlayOutcome(applied, failures());
  }

  private List<OverlayProblem> failures() {
    List<OverlayProblem> failures = new ArrayList<>(ownProblems);
    failures.addAll(committed.problems(desired));
    return failures;
  }

  /** Compares everything with a dump of the kernel and repairs what differs. */
  public OverlayOutcome audit() throws IOException {
    List<RouteOperation> applied = new ArrayList<>();
    do {
      compare(applied);
    } while (vanished && limit.take(Place.WHOLE));
    return new OverlayOutcome(applied, failures());
  }

  private void compare(List<RouteOperation> applied) throws IOException {
    synced = false;
    unable = false;
    vanished = false;
    ownProblems.clear();
    NodeRecord self = nodes.get(nodeName);
    if (self == null) {
      unable = true;
      sorter = EventSorter.BLIND;
      problem("there is no Node of this name, so nothing is changed; check --node-name");
      return;
    }
    List<Link> links = kernel.links();
    List<LinkAddress> addresses = kernel.addresses(0);
    Underlay underlay = Underlay.of(self, links, addresses);
    TunnelDevice wanted = wantedDevice(self, underlay);
    Link device = device(wanted, applied);
    sorter = sorter(self, device, wanted, underlay, links, addresses);
    unable =
        (options.mode() == OverlayMode.VXLAN && (device == null || underlay.tunnelPath() == null))
            || (options.mode() == OverlayMode.HOST_GW && underlay.paths().isEmpty());
    if (unable) {
      return;
    }
    loosenReversePath(underlay, device);
    turnOffload(device);
    int deviceIndex = device == null ? 0 : device.index();
    PeerPlanner current = new PeerPlanner(self, underlay, options, deviceIndex);
    planner = current;
    desired = new DesiredEntries();
    nodes.values().forEach(node -> desired.put(node.name(), plan(current, node)));
    committed.read(deviceIndex);
    Set<Place> places = new LinkedHashSet<>(desired.places());
    places.addAll(committed.places());
    committed.commit(places, desired, applied);
    synced = true;
  }

  private void problem(String sentence) {
    ownProblems.add(new OverlayProblem(nodeName, sentence));
  }

  private @Nullable TunnelDevice wantedDevice(NodeRecord self, Underlay underlay) {
    Underlay.Path path = underlay.tunnelPath();
    if (path == null && options.mode() != OverlayMode.NONE) {
      problem(
          self.addresses().isEmpty()
              ? "this node has no InternalIP; set one in its Node"
              : "no link of this node carries its InternalIP "
                  + self.addresses().getFirst()
                  + "; add the address or correct the Node");
    }
    if (self.podCidrs().isEmpty() && options.mode() != OverlayMode.NONE) {
      problem("this node has no podCIDR yet; its own processes may not reach pods elsewhere");
    }
    return path == null || retired ? null : TunnelDevice.of(self, path, options);
  }

  /** The device, made or mended if it is wanted; one that is not is left to linger. */
  private @Nullable Link device(@Nullable TunnelDevice wanted, List<RouteOperation> applied)
      throws IOException {
    if (wanted == null || !options.wantsDevice()) {
      return keeper.find();
    }
    try {
      return keeper.ensure(wanted, applied, this::problem);
    } catch (DeviceException e) {
      vanished = e.isVanished();
      if (options.mode() == OverlayMode.VXLAN) {
        problem(String.valueOf(e.getMessage()));
      }
      return options.mode() == OverlayMode.VXLAN ? null : keeper.find();
    }
  }

  private EventSorter sorter(
      NodeRecord self,
      @Nullable Link device,
      @Nullable TunnelDevice wanted,
      Underlay underlay,
      List<Link> links,
      List<LinkAddress> addresses) {
    Set<Integer> carriers = new LinkedHashSet<>();
    underlay.paths().values().forEach(path -> carriers.add(path.linkIndex()));
    return new EventSorter(
        self,
        device,
        options.wantsDevice() ? wanted : null,
        offload != null,
        links.stream().filter(link -> carriers.contains(link.index())).toList(),
        addresses.stream().filter(address -> carriers.contains(address.linkIndex())).toList());
  }

  private void turnOffload(@Nullable Link device) {
    ChecksumOffload broken = offload;
    if (broken == null || device == null || options.mode() == OverlayMode.NONE) {
      return;
    }
    try {
      if (broken.isOn(device.name())) {
        broken.turnOff(device.name());
      }
    } catch (IOException e) {
      problem(
          "checksums of "
              + device.name()
              + " cannot be taken from the device behind it ("
              + e
              + "), and this kernel spoils some of them; run on the host: ethtool -K "
              + device.name()
              + " tx off");
    }
  }

  private void loosenReversePath(Underlay underlay, @Nullable Link device) {
    if (options.mode() == OverlayMode.NONE) {
      return;
    }
    Set<String> names = new LinkedHashSet<>();
    Underlay.Path path = underlay.path(AddressFamily.IPV4);
    if (path != null) {
      names.add(path.linkName());
    }
    if (device != null) {
      names.add(device.name());
    }
    for (String name : names) {
      try {
        reversePath.loosen(name);
      } catch (IOException e) {
        problem(
            "net.ipv4.conf."
                + name
                + ".rp_filter cannot be made loose ("
                + e
                + "), so packets may be lost while nodes switch modes; set it on the host: sysctl"
                + " -w net.ipv4.conf."
                + name
                + ".rp_filter=2");
      }
    }
  }

  /**
   * Deletes a VXLAN device that the mode does not send through. From then on nothing is received
   * from peers that still send through theirs, and connections of this node's own processes that
   * use the device's address end; so call it when no node is in mode VXLAN any more. It stays
   * deleted until the mode changes, or the agent restarts in mode HOST_GW with a standby receiver.
   */
  public OverlayOutcome retireDevice() throws IOException {
    List<RouteOperation> applied = new ArrayList<>();
    if (options.mode() != OverlayMode.VXLAN) {
      retired = true;
      keeper.remove(applied);
      applied.addAll(audit().applied());
    }
    return new OverlayOutcome(applied, failures());
  }

  /** Deletes everything that an overlay made in that kernel, whichever agent it was. */
  public static OverlayOutcome cleanup(RouteKernel kernel) throws IOException {
    List<RouteOperation> operations = new ArrayList<>();
    for (Route route : kernel.routes(RouteFilter.MAIN_TABLE)) {
      if (CommittedEntries.isOurs(route)) {
        operations.add(new RouteOperation.Delete(route));
      }
    }
    kernel.applyAll(operations);
    new TunnelDeviceKeeper(kernel).remove(operations);
    return new OverlayOutcome(operations, List.of());
  }

  /**
   * The largest packet, in bytes, that reaches pods of other nodes in one piece: 1500 as long as
   * nothing is known of the underlay.
   */
  public int podMtu() {
    PeerPlanner current = planner;
    if (current == null) {
      return DEFAULT_MTU;
    }
    Link device = sorter.device();
    if (options.mode() == OverlayMode.VXLAN && device != null) {
      return device.mtu();
    }
    return current.underlay().paths().values().stream()
        .mapToInt(Underlay.Path::mtu)
        .min()
        .orElse(DEFAULT_MTU);
  }

  /** What is changed by somebody faster than it is repaired. */
  private List<OverlayProblem> fights() {
    List<OverlayProblem> fights = new ArrayList<>();
    for (Place place : limit.waiting()) {
      String node = place.equals(Place.WHOLE) ? nodeName : desired.node(place);
      fights.add(
          new OverlayProblem(
              node.isEmpty() ? nodeName : node,
              "somebody on this node keeps changing the "
                  + place
                  + ", so it is repaired only once a second; find out who does (ip monitor all) and"
                  + " stop it"));
    }
    return fights;
  }

  /** What is wanted for which peer, without asking the kernel; only peers that need something. */
  public OverlayWish wish() {
    SortedMap<String, List<RouteEntry>> entries = new TreeMap<>();
    for (String node : desired.nodes()) {
      List<RouteEntry> ofNode = desired.entries(node);
      if (!ofNode.isEmpty()) {
        entries.put(node, ofNode);
      }
    }
    Link device = sorter.device();
    return new OverlayWish(device == null ? 0 : device.index(), entries);
  }

  /** How things are, without asking the kernel. */
  public OverlayStatus status() {
    List<OverlayProblem> problems = new ArrayList<>(failures());
    problems.addAll(desired.problems());
    problems.addAll(fights());
    problems.sort(java.util.Comparator.comparing(OverlayProblem::node));
    Link device = sorter.device();
    return new OverlayStatus(
        options.mode(),
        device == null ? "" : device.name(),
        vtepMac(),
        device == null ? 0 : device.mtu(),
        desired.routedPeers(),
        desired.routes(),
        problems);
  }
}
