package io.fairlead.dataplane.netlink.route;

import io.fairlead.dataplane.model.MacAddress;
import io.fairlead.dataplane.netlink.NetlinkException;
import io.fairlead.dataplane.sys.Errno;
import io.fairlead.dataplane.sys.OwnedDescriptor;
import java.util.Collection;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.IntConsumer;
import org.jspecify.annotations.Nullable;

/** The links of a {@link FakeRouteKernel}: what may be done to them, and what hangs together. */
final class FakeLinks {

  private static final int DEFAULT_MTU = 1500;
  private static final int VXLAN_OVERHEAD = 50;

  private static final BridgePortSettings NEW_PORT =
      new BridgePortSettings(false, false, true, false, true, true, true);

  private record Peer(FakeLinks place, int index) {}

  private final Map<Integer, Link> links = new TreeMap<>();
  private final Map<Integer, BridgePortSettings> ports = new TreeMap<>();
  private final Map<Integer, Peer> peers = new TreeMap<>();
  private final Map<Integer, Integer> groups = new TreeMap<>();
  private final IdentityHashMap<OwnedDescriptor, FakeLinks> namespaces = new IdentityHashMap<>();
  private final IntConsumer gone;
  private final IntConsumer wentDown;
  private int lastIndex;

  /**
   * No links yet.
   *
   * @param gone told of each link that leaves, by index
   * @param wentDown told of each link that is set down
   */
  FakeLinks(IntConsumer gone, IntConsumer wentDown) {
    this.gone = gone;
    this.wentDown = wentDown;
  }

  Collection<Link> all() {
    return links.values();
  }

  @Nullable Link byIndex(int index) {
    return links.get(index);
  }

  @Nullable Link byName(String name) {
    for (Link link : links.values()) {
      if (link.name().equals(name)) {
        return link;
      }
    }
    return null;
  }

  List<BridgePort> ports() {
    return ports.entrySet().stream()
        .map(entry ->
            new BridgePort(
                entry.getKey(),
                java.util.Objects.requireNonNull(links.get(entry.getKey())).masterIndex(),
                entry.getValue()))
        .toList();
  }

  void knowNamespace(OwnedDescriptor descriptor, FakeLinks other) {
    namespaces.put(descriptor, other);
  }

  /** Puts a link there without asking; returns its index. */
  int put(String name, MacAddress mac, int mtu, LinkKind kind) {
    int index = ++lastIndex;
    links.put(index, new Link(index, name, mac, mtu, 0, 0, 0, -1, "", kind));
    return index;
  }

  static NetlinkException refuse(Object operation, int errno) {
    return new NetlinkException(operation.toString(), errno, "", -1, 0);
  }

  void add(RouteOperation.AddLink operation) throws NetlinkException {
    requireFree(operation, operation.name());
    if (operation.kind() instanceof LinkKind.Vxlan vxlan) {
      requireUsable(operation, vxlan);
    }
    requireMaster(operation, operation.settings());
    int index = create(operation.name(), operation.kind(), operation.settings());
    change(operation, index, operation.settings());
  }

  private int create(String name, LinkKind kind, LinkSettings settings) {
    int index = lastIndex + 1;
    MacAddress mac = settings.mac() == null ? new MacAddress(0x02L << 40 | index) : settings.mac();
    int mtu = kind instanceof LinkKind.Vxlan vxlan ? vxlanMtu(vxlan) : DEFAULT_MTU;
    return put(name, mac, mtu, kind);
  }

  private int vxlanMtu(LinkKind.Vxlan vxlan) {
    Link underlay = links.get(vxlan.underlayIndex());
    return underlay == null ? DEFAULT_MTU : underlay.mtu() - VXLAN_OVERHEAD;
  }

  private void requireUsable(RouteOperation operation, LinkKind.Vxlan wanted)
      throws NetlinkException {
    if (wanted.underlayIndex() != 0 && !links.containsKey(wanted.underlayIndex())) {
      throw refuse(operation, Errno.ENODEV);
    }
    for (Link link : links.values()) {
      if (link.kind() instanceof LinkKind.Vxlan other
          && other.vni() == wanted.vni()
          && other.port() == wanted.port()) {
        throw refuse(operation, Errno.EEXIST);
      }
    }
  }

  void add(RouteOperation.AddVethPair operation) throws NetlinkException {
    FakeLinks there = place(operation, operation.peerSettings());
    requireFree(operation, operation.name());
    if (there == this && operation.name().equals(operation.peerName())) {
      throw refuse(operation, Errno.EEXIST);
    }
    there.requireFree(operation, operation.peerName());
    requireMaster(operation, operation.settings());
    LinkKind veth = new LinkKind.Veth();
    int peer = there.create(operation.peerName(), veth, operation.peerSettings());
    int index = create(operation.name(), veth, operation.settings());
    peers.put(index, new Peer(there, peer));
    there.peers.put(peer, new Peer(this, index));
    link(index, peer, there == this ? -1 : 0);
    there.link(peer, index, there == this ? -1 : 0);
    there.change(operation, peer, operation.peerSettings());
    change(operation, index, operation.settings());
  }

  private void link(int index, int parent, int namespace) throws NetlinkException {
    Link link = require("link", index);
    links.put(
        index,
        new Link(
            index,
            link.name(),
            link.mac(),
            link.mtu(),
            link.flags(),
            link.masterIndex(),
            parent,
            namespace,
            link.alias(),
            link.kind()));
  }

  private FakeLinks place(Object operation, LinkSettings settings) throws NetlinkException {
    if (settings.namespace() == null) {
      return this;
    }
    FakeLinks place = namespaces.get(settings.namespace());
    if (place == null) {
      throw refuse(operation, Errno.EINVAL);
    }
    return place;
  }

  private void requireFree(Object operation, String name) throws NetlinkException {
    if (byName(name) != null) {
      throw refuse(operation, Errno.EEXIST);
    }
  }

  private void requireMaster(Object operation, LinkSettings settings) throws NetlinkException {
    Integer master = settings.masterIndex();
    if (master == null || master == 0) {
      return;
    }
    Link bridge = links.get(master);
    if (bridge == null) {
      throw refuse(operation, Errno.EINVAL);
    }
    if (!(bridge.kind() instanceof LinkKind.Bridge)) {
      throw refuse(operation, Errno.EOPNOTSUPP);
    }
  }

  private Link require(Object operation, int index) throws NetlinkException {
    Link link = links.get(index);
    if (link == null) {
      throw refuse(operation, Errno.ENODEV);
    }
    return link;
  }

  Link require(Object operation, LinkSelector selector) throws NetlinkException {
    Link link =
        switch (selector) {
          case LinkSelector.ByIndex(int index) -> links.get(index);
          case LinkSelector.ByName(String name) -> byName(name);
        };
    if (link == null) {
      throw refuse(operation, Errno.ENODEV);
    }
    return link;
  }

  void change(RouteOperation.ChangeLink operation) throws NetlinkException {
    Link link = require(operation, operation.link());
    FakeLinks place = place(operation, operation.settings());
    requireMaster(operation, operation.settings());
    String name = operation.settings().name();
    if (name != null && !name.equals(link.name())) {
      requireFree(operation, name);
    }
    if (place == this) {
      change(operation, link.index(), operation.settings());
    } else if (link.kind() instanceof LinkKind.Bridge || link.name().equals("lo")) {
      throw refuse(operation, Errno.EINVAL);
    } else {
      place.requireFree(operation, name == null ? link.name() : name);
      place.change(operation, move(link, place), operation.settings());
    }
  }

  private int move(Link link, FakeLinks place) throws NetlinkException {
    links.remove(link.index());
    ports.remove(link.index());
    gone.accept(link.index());
    MacAddress mac = link.mac() == null ? new MacAddress(0) : link.mac();
    int index = place.put(link.name(), mac, link.mtu(), link.kind());
    Peer peer = peers.remove(link.index());
    if (peer != null) {
      place.peers.put(index, peer);
      peer.place().peers.put(peer.index(), new Peer(place, index));
      int namespace = peer.place() == place ? -1 : 0;
      place.link(index, peer.index(), namespace);
      peer.place().link(peer.index(), index, namespace);
    }
    return index;
  }

  private void change(Object operation, int index, LinkSettings settings) throws NetlinkException {
    Link link = require(operation, index);
    boolean up = settings.up() == null ? link.isUp() : settings.up();
    int master = settings.masterIndex() == null ? link.masterIndex() : settings.masterIndex();
    links.put(
        index,
        new Link(
            index,
            settings.name() == null ? link.name() : settings.name(),
            settings.mac() == null ? link.mac() : settings.mac(),
            settings.mtu() == null ? link.mtu() : settings.mtu(),
            up ? RouteConstants.IFF_UP | RouteConstants.IFF_LOWER_UP : 0,
            master,
            link.parentIndex(),
            link.parentNamespace(),
            settings.alias() == null ? link.alias() : settings.alias(),
            link.kind()));
    if (settings.group() != null) {
      groups.put(index, settings.group());
    }
    if (master == 0) {
      ports.remove(index);
    } else if (master != link.masterIndex()) {
      ports.put(index, NEW_PORT);
    }
    if (link.isUp() && !up) {
      wentDown.accept(index);
    }
  }

  void change(RouteOperation.ChangeLinkKind operation) throws NetlinkException {
    Link link = require(operation, operation.link());
    if (!link.kind().kernelName().equals(operation.kind().kernelName())) {
      throw refuse(operation, Errno.EOPNOTSUPP);
    }
    links.put(
        link.index(),
        new Link(
            link.index(),
            link.name(),
            link.mac(),
            link.mtu(),
            link.flags(),
            link.masterIndex(),
            link.parentIndex(),
            link.parentNamespace(),
            link.alias(),
            operation.kind()));
  }

  void delete(RouteOperation.DeleteLink operation) throws NetlinkException {
    Link link = require(operation, operation.link());
    requireDeletable(operation, link);
    deletePair(link);
  }

  void delete(RouteOperation.DeleteLinkGroup operation) throws NetlinkException {
    List<Link> members =
        links.values().stream()
            .filter(link -> groups.getOrDefault(link.index(), 0) == operation.group())
            .toList();
    if (members.isEmpty()) {
      throw refuse(operation, Errno.ENODEV);
    }
    for (Link link : members) {
      requireDeletable(operation, link);
    }
    for (Link link : members) {
      if (links.containsKey(link.index())) {
        deletePair(link);
      }
    }
  }

  private static void requireDeletable(Object operation, Link link) throws NetlinkException {
    if (link.kind().kernelName().isEmpty()) {
      throw refuse(operation, Errno.EOPNOTSUPP);
    }
  }

  private void deletePair(Link link) {
    Peer peer = peers.get(link.index());
    remove(link.index());
    if (peer != null) {
      peer.place().remove(peer.index());
    }
  }

  /** Takes the link away, with those that are stacked on it. */
  private void remove(int index) {
    links.remove(index);
    ports.remove(index);
    groups.remove(index);
    peers.remove(index);
    gone.accept(index);
    for (Link other : List.copyOf(links.values())) {
      if (other.kind() instanceof LinkKind.Vxlan vxlan && vxlan.underlayIndex() == index) {
        remove(other.index());
      } else if (other.masterIndex() == index) {
        ports.remove(other.index());
        links.put(other.index(), withoutMaster(other));
      }
    }
  }

  private static Link withoutMaster(Link link) {
    return new Link(
        link.index(),
        link.name(),
        link.mac(),
        link.mtu(),
        link.flags(),
        0,
        link.parentIndex(),
        link.parentNamespace(),
        link.alias(),
        link.kind());
  }

  void set(RouteOperation.SetBridgePort operation) throws NetlinkException {
    Link link = require(operation, operation.link());
    BridgePortSettings now = ports.get(link.index());
    if (now == null) {
      throw refuse(operation, Errno.EOPNOTSUPP);
    }
    BridgePortSettings set = operation.settings();
    ports.put(
        link.index(),
        new BridgePortSettings(
            or(set.hairpin(), now.hairpin()),
            or(set.isolated(), now.isolated()),
            or(set.learning(), now.learning()),
            or(set.neighbourSuppression(), now.neighbourSuppression()),
            or(set.unicastFlood(), now.unicastFlood()),
            or(set.multicastFlood(), now.multicastFlood()),
            or(set.broadcastFlood(), now.broadcastFlood())));
  }

  private static @Nullable Boolean or(@Nullable Boolean wanted, @Nullable Boolean current) {
    return wanted == null ? current : wanted;
  }
}
