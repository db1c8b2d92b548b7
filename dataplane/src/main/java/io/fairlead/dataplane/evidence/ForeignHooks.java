package io.fairlead.dataplane.evidence;

import io.fairlead.dataplane.netlink.nftables.NfChain;
import io.fairlead.dataplane.netlink.nftables.NfFamily;
import io.fairlead.dataplane.netlink.nftables.NfTable;
import io.fairlead.dataplane.netlink.nftables.NfTablesKernel;
import io.fairlead.dataplane.netlink.nftables.TableName;
import io.fairlead.dataplane.netlink.nftables.expression.Verdict;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Finds chains of others that see packets before ours do, or may drop what ours accept, and tables
 * of programs that do the same work. Reads all rules of others once. An empty chain that accepts
 * does nothing, and is not told.
 */
public final class ForeignHooks {

  private static final String OURS = "fairlead";

  /** NF_IP_PRI_CONNTRACK of linux/netfilter_ipv4.h: before it, connections are not known. */
  private static final int CONNECTION_TRACKING = -200;

  /** Programs by words in the names of their tables and chains, in small letters. */
  private static final Map<String, String> PROGRAMS =
      Map.ofEntries(
          Map.entry("kube-proxy", "kube-proxy"),
          Map.entry("kube-services", "kube-proxy"),
          Map.entry("kube-nodeports", "kube-proxy"),
          Map.entry("kube-forward", "kube-proxy"),
          Map.entry("flannel", "flannel"),
          Map.entry("flanneld", "flannel"),
          Map.entry("docker", "docker"),
          Map.entry("firewalld", "firewalld"),
          Map.entry("ufw", "ufw"),
          Map.entry("cali", "calico"),
          Map.entry("cilium", "cilium"),
          Map.entry("libvirt", "libvirt"),
          Map.entry("weave", "weave"),
          Map.entry("kube-router", "kube-router"),
          Map.entry("cni-hostport", "portmap"),
          Map.entry("netavark", "podman"),
          Map.entry("lxd", "lxd"),
          Map.entry("incus", "incus"));

  private final NfTablesKernel kernel;

  /** The highest priority number of ours at each hook of IP, and of bridges. */
  private final Map<NfChain.Point, Integer> ours = new EnumMap<>(NfChain.Point.class);

  private final Map<NfChain.Point, Integer> oursOfBridges = new EnumMap<>(NfChain.Point.class);
  private final List<ForeignHook> found = new ArrayList<>();

  private ForeignHooks(NfTablesKernel kernel) {
    this.kernel = kernel;
  }

  /**
   * Those there are now, in the order of hooks and priorities.
   *
   * @throws IOException if the kernel cannot be read
   */
  public static List<ForeignHook> of(NfTablesKernel kernel) throws IOException {
    return new ForeignHooks(kernel).find();
  }

  private List<ForeignHook> find() throws IOException {
    List<TableName> others = new ArrayList<>();
    for (NfTable table : kernel.tables()) {
      TableName name = table.name();
      if (!name.name().equals(OURS) && !name.name().startsWith(OURS + "-")) {
        others.add(name);
      } else {
        noteOurs(name);
      }
    }
    for (TableName table : others) {
      if (table.family() != NfFamily.ARP) {
        look(table);
      }
    }
    found.sort(
        Comparator.comparing(ForeignHook::hook)
            .thenComparingInt(ForeignHook::priority)
            .thenComparing(ForeignHook::table)
            .thenComparing(ForeignHook::chain));
    return List.copyOf(found);
  }

  private void noteOurs(TableName table) throws IOException {
    Map<NfChain.Point, Integer> points = table.family() == NfFamily.BRIDGE ? oursOfBridges : ours;
    for (NfChain chain : kernel.chains(table)) {
      NfChain.Hook hook = chain.hook();
      if (hook != null) {
        points.merge(hook.point(), hook.priority(), Math::max);
      }
    }
  }

  private void look(TableName table) throws IOException {
    List<NfChain> hooked =
        kernel.chains(table).stream().filter(chain -> chain.hook() != null).toList();
    if (hooked.isEmpty()) {
      return;
    }
    ReachableRules rules = ReachableRules.read(kernel, table);
    for (NfChain chain : hooked) {
      NfChain.Hook hook = chain.hook();
      if (hook != null && (hook.policy() == Verdict.Kind.DROP || rules.hasRules(chain.name()))) {
        consider(table, chain, hook, rules);
      }
    }
  }

  private void consider(TableName table, NfChain chain, NfChain.Hook hook, ReachableRules rules) {
    boolean device = table.family() == NfFamily.NETDEV;
    Map<NfChain.Point, Integer> points = table.family() == NfFamily.BRIDGE ? oursOfBridges : ours;
    Integer last = points.get(hook.point());
    boolean before = device || (last != null && hook.priority() <= last);
    boolean drops = hook.policy() == Verdict.Kind.DROP || rules.drops(chain.name());
    String program = program(table, chain, rules);
    if (before || drops || !program.isEmpty()) {
      found.add(
          new ForeignHook(
              program,
              table.family().text(),
              table.toString(),
              chain.name(),
              hook.type().name().toLowerCase(Locale.ROOT),
              device ? deviceHook(hook) : hook.point().name().toLowerCase(Locale.ROOT),
              hook.priority(),
              hook.policy().name().toLowerCase(Locale.ROOT),
              effect(hook, device, before, rules.drops(chain.name()))));
    }
  }

  /** Hooks of devices are counted from the same number on. */
  private static String deviceHook(NfChain.Hook hook) {
    return hook.point() == NfChain.Point.PREROUTING ? "ingress" : "egress";
  }

  private static String program(TableName table, NfChain chain, ReachableRules rules) {
    List<String> names = new ArrayList<>(List.of(table.name(), chain.name()));
    names.addAll(rules.targets(chain.name()));
    for (String name : names) {
      String small = name.toLowerCase(Locale.ROOT);
      for (Map.Entry<String, String> each : PROGRAMS.entrySet()) {
        if (small.startsWith(each.getKey())) {
          return each.getValue();
        }
      }
    }
    return "";
  }

  private static String effect(
      NfChain.Hook hook, boolean device, boolean before, boolean ruleDrops) {
    if (hook.policy() == Verdict.Kind.DROP) {
      return "It drops "
          + whose(hook.point())
          + " that its own rules do not accept, whatever fairlead accepts";
    }
    if (ruleDrops) {
      return "It has rules that drop or refuse "
          + whose(hook.point())
          + ": what they match is lost, whatever fairlead accepts";
    }
    if (device) {
      return "It sees packets of a device before anything else does";
    }
    if (hook.type() == NfChain.Type.NAT) {
      return switch (hook.point()) {
        case PREROUTING, OUTPUT, FORWARD ->
            "It may translate a destination first; then no Service of fairlead's is chosen for the"
                + " connection";
        case POSTROUTING, INPUT ->
            "It may translate a source first; then fairlead does not masquerade the connection";
      };
    }
    if (hook.priority() < CONNECTION_TRACKING) {
      return "It sees packets before connections are tracked; what it leaves untracked is not"
          + " translated for Services";
    }
    return before
        ? "It sees packets before fairlead does, and may change their marks or headers"
        : "It sees packets after fairlead";
  }

  private static String whose(NfChain.Point point) {
    return switch (point) {
      case FORWARD -> "forwarded packets, so those of pods,";
      case INPUT -> "packets to this node, such as those to node ports of its own programs,";
      case OUTPUT -> "packets of this node itself, such as probes of pods,";
      case PREROUTING, POSTROUTING -> "packets";
    };
  }
}
