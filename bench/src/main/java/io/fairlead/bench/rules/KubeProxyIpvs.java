package io.fairlead.bench.rules;

import java.util.List;

/**
 * What kube-proxy 1.36 keeps beside the virtual servers in ipvs mode, for one family: chains of
 * iptables, the jumps to them, sets of ipset, and the rules that look into the sets.
 */
final class KubeProxyIpvs {

  /** What each Service's address is on. */
  static final String DEVICE = "kube-ipvs0";

  static final String CLUSTER_IPS = "KUBE-CLUSTER-IP";
  static final String ALL_ADDRESSES = "KUBE-IPVS-IPS";

  /** A table and a chain of ours in it. */
  record Chain(String table, String name) {}

  static final List<Chain> CHAINS =
      List.of(
          new Chain("nat", "KUBE-SERVICES"),
          new Chain("nat", "KUBE-POSTROUTING"),
          new Chain("nat", "KUBE-NODE-PORT"),
          new Chain("nat", "KUBE-LOAD-BALANCER"),
          new Chain("nat", "KUBE-MARK-MASQ"),
          new Chain("filter", "KUBE-FORWARD"),
          new Chain("filter", "KUBE-NODE-PORT"),
          new Chain("filter", "KUBE-PROXY-FIREWALL"),
          new Chain("filter", "KUBE-SOURCE-RANGES-FIREWALL"),
          new Chain("filter", "KUBE-IPVS-FILTER"),
          new Chain("filter", "KUBE-IPVS-OUT-FILTER"));

  /** A jump from a chain of the kernel's to one of ours. */
  record Jump(String table, String from, String to, String comment) {}

  static final List<Jump> JUMPS =
      List.of(
          new Jump("nat", "OUTPUT", "KUBE-SERVICES", "kubernetes service portals"),
          new Jump("nat", "PREROUTING", "KUBE-SERVICES", "kubernetes service portals"),
          new Jump("nat", "POSTROUTING", "KUBE-POSTROUTING", "kubernetes postrouting rules"),
          new Jump("filter", "FORWARD", "KUBE-FORWARD", "kubernetes forwarding rules"),
          new Jump("filter", "INPUT", "KUBE-NODE-PORT", "kubernetes health check rules"),
          new Jump("filter", "INPUT", "KUBE-PROXY-FIREWALL", "kube-proxy firewall rules"),
          new Jump("filter", "FORWARD", "KUBE-PROXY-FIREWALL", "kube-proxy firewall rules"),
          new Jump("filter", "INPUT", "KUBE-IPVS-FILTER", "kubernetes ipvs access filter"),
          new Jump("filter", "OUTPUT", "KUBE-IPVS-OUT-FILTER", "kubernetes ipvs access filter"));

  /** A set, as "ipset create" wants it. */
  record Set(String name, String type) {

    private static Set of(String name, String type) {
      String sizes = type.startsWith("hash") ? " family inet hashsize 1024 maxelem 65536" : "";
      return new Set(name, type + sizes);
    }
  }

  private static final String PORTS = "bitmap:port range 0-65535";

  static final List<Set> SETS =
      List.of(
          Set.of("KUBE-LOOP-BACK", "hash:ip,port,ip"),
          Set.of(CLUSTER_IPS, "hash:ip,port"),
          Set.of("KUBE-EXTERNAL-IP", "hash:ip,port"),
          Set.of("KUBE-EXTERNAL-IP-LOCAL", "hash:ip,port"),
          Set.of("KUBE-LOAD-BALANCER", "hash:ip,port"),
          Set.of("KUBE-LOAD-BALANCER-LOCAL", "hash:ip,port"),
          Set.of("KUBE-LOAD-BALANCER-FW", "hash:ip,port"),
          Set.of("KUBE-LOAD-BALANCER-SOURCE-IP", "hash:ip,port,ip"),
          Set.of("KUBE-LOAD-BALANCER-SOURCE-CIDR", "hash:ip,port,net"),
          Set.of("KUBE-NODE-PORT-TCP", PORTS),
          Set.of("KUBE-NODE-PORT-LOCAL-TCP", PORTS),
          Set.of("KUBE-NODE-PORT-UDP", PORTS),
          Set.of("KUBE-NODE-PORT-LOCAL-UDP", PORTS),
          Set.of("KUBE-NODE-PORT-SCTP-HASH", "hash:ip,port"),
          Set.of("KUBE-NODE-PORT-LOCAL-SCTP-HASH", "hash:ip,port"),
          Set.of("KUBE-HEALTH-CHECK-NODE-PORT", PORTS),
          Set.of(ALL_ADDRESSES, "hash:ip"));

  /**
   * Written whole by iptables-restore at every sync. Rules for kinds of Services that nobody has
   * are left out.
   */
  static final String RULES =
      """
      *nat
      :KUBE-SERVICES - [0:0]
      :KUBE-POSTROUTING - [0:0]
      :KUBE-NODE-PORT - [0:0]
      :KUBE-LOAD-BALANCER - [0:0]
      :KUBE-MARK-MASQ - [0:0]
      -A KUBE-SERVICES -s 127.0.0.0/8 -j RETURN
      -A KUBE-SERVICES ! -s 10.244.0.0/16 -m set --match-set KUBE-CLUSTER-IP dst,dst -j KUBE-MARK-MASQ
      -A KUBE-SERVICES -m addrtype --dst-type LOCAL -j KUBE-NODE-PORT
      -A KUBE-SERVICES -m set --match-set KUBE-CLUSTER-IP dst,dst -j ACCEPT
      -A KUBE-POSTROUTING -m set --match-set KUBE-LOOP-BACK dst,dst,src -j MASQUERADE
      -A KUBE-POSTROUTING -m mark ! --mark 0x4000/0x4000 -j RETURN
      -A KUBE-POSTROUTING -j MARK --xor-mark 0x4000
      -A KUBE-POSTROUTING -j MASQUERADE --random-fully
      -A KUBE-LOAD-BALANCER -j KUBE-MARK-MASQ
      -A KUBE-MARK-MASQ -j MARK --or-mark 0x4000
      COMMIT
      *filter
      :KUBE-FORWARD - [0:0]
      :KUBE-NODE-PORT - [0:0]
      :KUBE-PROXY-FIREWALL - [0:0]
      :KUBE-SOURCE-RANGES-FIREWALL - [0:0]
      :KUBE-IPVS-FILTER - [0:0]
      :KUBE-IPVS-OUT-FILTER - [0:0]
      -A KUBE-SOURCE-RANGES-FIREWALL -j DROP
      -A KUBE-FORWARD -m mark --mark 0x4000/0x4000 -j ACCEPT
      -A KUBE-FORWARD -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT
      -A KUBE-NODE-PORT -m set --match-set KUBE-HEALTH-CHECK-NODE-PORT dst -j ACCEPT
      -A KUBE-IPVS-FILTER -m set --match-set KUBE-LOAD-BALANCER dst,dst -j RETURN
      -A KUBE-IPVS-FILTER -m set --match-set KUBE-CLUSTER-IP dst,dst -j RETURN
      -A KUBE-IPVS-FILTER -m set --match-set KUBE-EXTERNAL-IP dst,dst -j RETURN
      -A KUBE-IPVS-FILTER -m conntrack --ctstate NEW -m set --match-set KUBE-IPVS-IPS dst -j REJECT
      COMMIT
      """;

  private KubeProxyIpvs() {}
}
