package io.fairlead.bench.rules;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * The ruleset of kube-proxy 1.36 in nftables mode, as the input of nft -f: a chain per Service port
 * with an anonymous map, one chain per endpoint, and maps that lead to the former.
 */
final class KubeProxyNftables {

  static final String BASE =
      """
      table ip kube-proxy {
        comment "rules for kube-proxy"
        set cluster-ips { type ipv4_addr; }
        map service-ips { type ipv4_addr . inet_proto . inet_service : verdict; }
        map no-endpoint-services { type ipv4_addr . inet_proto . inet_service : verdict; }
        chain mark-for-masquerade { mark set mark or 0x4000; }
        chain reject-chain { reject; }
        chain masquerading {
          mark and 0x4000 == 0 return
          mark set mark xor 0x4000
          masquerade fully-random
        }
        chain services { ip daddr . meta l4proto . th dport vmap @service-ips; }
        chain service-endpoints-check {
          ip daddr . meta l4proto . th dport vmap @no-endpoint-services
        }
        chain filter-prerouting { type filter hook prerouting priority -110; ct state new jump service-endpoints-check; }
        chain filter-forward { type filter hook forward priority -110; ct state new jump service-endpoints-check; }
        chain filter-output { type filter hook output priority -110; ct state new jump service-endpoints-check; }
        chain nat-prerouting { type nat hook prerouting priority dstnat; jump services; }
        chain nat-output { type nat hook output priority -100; jump services; }
        chain nat-postrouting { type nat hook postrouting priority srcnat; jump masquerading; }
      }
      """;

  private static final String POD_CIDR = "10.244.0.0/16";

  private KubeProxyNftables() {}

  private static String serviceChain(int service) {
    String port = "default/" + Population.name(service) + "/tcp/web";
    return "service-" + KubeProxyNames.hash(port, 8) + "-" + port;
  }

  private static String endpointChain(int service, String address) {
    String port = "default/" + Population.name(service) + "/tcp/web";
    String endpoint = port + "__" + address + "/" + Population.ENDPOINT_PORT;
    return "endpoint-" + KubeProxyNames.hash(endpoint, 8) + "-" + endpoint;
  }

  /** What leads to the chain of a Service that has endpoints. */
  static String elements(int service) {
    return clusterIp("add", service) + dispatch("add", service);
  }

  private static String clusterIp(String verb, int service) {
    return element(verb, "cluster-ips", Population.clusterIp(service));
  }

  private static String dispatch(String verb, int service) {
    return element(verb, "service-ips", port(service) + " : goto " + serviceChain(service));
  }

  private static String refusal(String verb, int service) {
    return element(verb, "no-endpoint-services", port(service) + " : goto reject-chain");
  }

  private static String port(int service) {
    return Population.clusterIp(service) + " . tcp . " + Population.SERVICE_PORT;
  }

  private static String element(String verb, String set, String element) {
    return verb + " element ip kube-proxy " + set + " { " + element + " }\n";
  }

  /** What a sync writes after a change. Chains that are left over are empty then. */
  static String changed(Change change) {
    int service = change.service();
    boolean had = !change.before().isEmpty();
    boolean has = !change.addresses().isEmpty();
    StringBuilder text = new StringBuilder();
    if (has) {
      text.append(chains(service, change.addresses()));
    }
    switch (change.kind()) {
      case ADDED -> text.append(clusterIp("add", service));
      case DELETED -> text.append(clusterIp("delete", service));
      case REPLACED, SCALED, ROLLED -> {
        if (had != has) {
          text.append(refusal(has ? "delete" : "add", service));
        }
      }
    }
    if (change.kind() == Change.Kind.ADDED && !has) {
      text.append(refusal("add", service));
    }
    if (had != has) {
      text.append(dispatch(has ? "add" : "delete", service));
    }
    return text.append(leftOver("flush", change)).toString();
  }

  /** Removes chains that were flushed by the sync after this change. */
  static String cleaned(Change change) {
    return leftOver("delete", change);
  }

  /** A Service's chain and those of its endpoints, which are new or written once more. */
  static String chains(int service, List<String> addresses) {
    StringBuilder text = new StringBuilder();
    String chain = serviceChain(service);
    List<String> jumps = new ArrayList<>();
    for (String address : addresses) {
      String name = endpointChain(service, address);
      ensure(text, name);
      jumps.add(jumps.size() + " : goto " + name);
    }
    ensure(text, chain);
    rule(
        text,
        chain,
        "ip daddr %s tcp dport %d ip saddr != %s jump mark-for-masquerade"
            .formatted(Population.clusterIp(service), Population.SERVICE_PORT, POD_CIDR));
    rule(
        text,
        chain,
        "numgen random mod %d vmap { %s }".formatted(addresses.size(), String.join(" , ", jumps)));
    for (String address : addresses) {
      String name = endpointChain(service, address);
      rule(text, name, "ip saddr " + address + " jump mark-for-masquerade");
      rule(text, name, "meta l4proto tcp dnat to " + address + ":" + Population.ENDPOINT_PORT);
    }
    return text.toString();
  }

  private static void ensure(StringBuilder text, String chain) {
    text.append("add chain ip kube-proxy ").append(chain).append('\n');
    text.append("flush chain ip kube-proxy ").append(chain).append('\n');
  }

  private static void rule(StringBuilder text, String chain, String rule) {
    text.append("add rule ip kube-proxy ").append(chain).append(' ').append(rule).append('\n');
  }

  private static String leftOver(String verb, Change change) {
    Set<String> chains = new LinkedHashSet<>();
    if (!change.before().isEmpty() && change.addresses().isEmpty()) {
      chains.add(serviceChain(change.service()));
    }
    Set<String> staying = Set.copyOf(change.addresses());
    for (String address : change.before()) {
      if (!staying.contains(address)) {
        chains.add(endpointChain(change.service(), address));
      }
    }
    StringBuilder text = new StringBuilder();
    chains.forEach(
        chain -> text.append(verb).append(" chain ip kube-proxy ").append(chain).append('\n'));
    return text.toString();
  }
}
