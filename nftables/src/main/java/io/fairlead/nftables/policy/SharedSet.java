package io.fairlead.nftables.policy;

import static io.fairlead.nftables.policy.PolicyTable.TABLE;

import io.fairlead.dataplane.model.AddressFamily;
import io.fairlead.dataplane.model.IpAddress;
import io.fairlead.dataplane.model.NetworkPolicyRecord.Port;
import io.fairlead.dataplane.netlink.nftables.KeyBuilder;
import io.fairlead.dataplane.netlink.nftables.NfSet;
import io.fairlead.dataplane.netlink.nftables.SetElement;
import io.fairlead.dataplane.netlink.nftables.expression.Bytes;
import io.fairlead.dataplane.netlink.nftables.expression.Fields;
import io.fairlead.dataplane.netlink.nftables.expression.UserData;
import io.fairlead.dataplane.policy.enforcement.PeerSelector;
import io.fairlead.dataplane.policy.enforcement.PodPort;
import io.fairlead.dataplane.policy.enforcement.PortName;
import io.fairlead.dataplane.table.ElementSink;
import io.fairlead.dataplane.table.FamilyFields;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * What rules look packets up in. Rules that mean the same share it, whatever policies they are of:
 * its name says what is in it.
 */
sealed interface SharedSet {

  /** The sets in the kernel: one for each family whose addresses are in it, or one for both. */
  List<NfSet> sets();

  /** Addresses of pods, which change as pods do. */
  record Pods(PeerSelector selector) implements SharedSet {

    static NfSet set(PeerSelector selector, AddressFamily family) {
      String name = "pods-" + hash(selector) + "-" + FamilyFields.of(family).suffix();
      return NfSet.set(TABLE, name, comment(text(selector)), FamilyFields.of(family).source());
    }

    private static String hash(PeerSelector selector) {
      ContentHash hash = new ContentHash().add(selector.namespace());
      SelectorHash.add(hash, selector.namespaces());
      SelectorHash.add(hash, selector.pods());
      return hash.text();
    }

    private static String text(PeerSelector selector) {
      String pods = selector.pods().requirements().isEmpty() ? "all" : selector.pods().toString();
      if (selector.namespaces() == null) {
        return pods + " of " + selector.namespace();
      }
      return selector.namespaces().requirements().isEmpty()
          ? pods + " of all namespaces"
          : pods + " of namespaces " + selector.namespaces();
    }

    @Override
    public List<NfSet> sets() {
      return List.of(set(selector, AddressFamily.IPV4), set(selector, AddressFamily.IPV6));
    }
  }

  /** Addresses that never change: other ones are in another set. */
  record Blocks(AddressFamily family, List<AddressRange> ranges) implements SharedSet {

    NfSet set() {
      ContentHash hash = new ContentHash();
      ranges.forEach(range -> hash.add(range.first()).add(range.last()));
      FamilyFields fields = FamilyFields.of(family);
      return NfSet.set(TABLE, "blocks-" + hash.text() + "-" + fields.suffix(), "", fields.source())
          .withIntervals();
    }

    @Override
    public List<NfSet> sets() {
      return List.of(set());
    }
  }

  /** Destination ports of several protocols or in several ranges, which never change. */
  record Ports(List<Port.Range> ranges) implements SharedSet {

    NfSet set() {
      ContentHash hash = new ContentHash();
      ranges.forEach(
          range -> hash.add(range.protocol().number()).add(range.first()).add(range.last()));
      return NfSet.set(
              TABLE,
              "ports-" + hash.text(),
              comment(PortRanges.text(ranges)),
              Fields.L4PROTO,
              Fields.TH_DPORT)
          .withIntervals();
    }

    @Override
    public List<NfSet> sets() {
      return List.of(set());
    }
  }

  /** Where pods have a port of a name, which changes as pods do. */
  record NamedPort(PortName name) implements SharedSet {

    static NfSet set(PortName name, AddressFamily family) {
      FamilyFields fields = FamilyFields.of(family);
      String hash =
          new ContentHash()
              .add(name.direction().text())
              .add(name.protocol().number())
              .add(name.name())
              .text();
      String protocol = name.protocol().name().toLowerCase(Locale.ROOT);
      return NfSet.set(
          TABLE,
          "port-" + hash + "-" + fields.suffix(),
          comment(protocol + " port " + name.name() + ", " + name.direction().text()),
          fields.destination(),
          Fields.TH_DPORT);
    }

    @Override
    public List<NfSet> sets() {
      return List.of(set(name, AddressFamily.IPV4), set(name, AddressFamily.IPV6));
    }
  }

  /** A comment that the kernel keeps as it is, with room for the description of the types. */
  private static String comment(String text) {
    return UserData.cleanComment(text.length() <= 100 ? text : text.substring(0, 100));
  }

  /** The element of an address in a set of pods. */
  static SetElement element(IpAddress address) {
    return SetElement.of(Bytes.of(address));
  }

  /** The element of a pod's port in a set of a named port. */
  static SetElement element(PodPort port) {
    return SetElement.of(new KeyBuilder().address(port.address()).port(port.port()).build());
  }

  /** Adds the elements of what never changes. */
  static void addFixed(SharedSet shared, ElementSink sink) {
    switch (shared) {
      case Blocks blocks -> {
        NfSet set = blocks.set();
        blocks.ranges().forEach(range -> sink.add(set, range.element()));
      }
      case Ports ports -> {
        NfSet set = ports.set();
        ports.ranges().forEach(range -> sink.add(set, element(range)));
      }
      case Pods _, NamedPort _ -> {}
    }
  }

  private static SetElement element(Port.Range range) {
    List<Bytes> ends = new ArrayList<>();
    for (int port : new int[] {range.first(), range.last()}) {
      ends.add(new KeyBuilder().protocol(range.protocol().number()).port(port).build());
    }
    return SetElement.range(ends.getFirst(), ends.getLast());
  }
}
