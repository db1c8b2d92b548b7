package io.fairlead.bench.rules;

import java.util.ArrayList;
import java.util.List;

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

  /** What leads to a Service's chain. */
  static String elements(int service) {
    String ip = Population.clusterIp(service);
    return """
    add element ip kube-proxy cluster-ips { %1$s }
    add element ip kube-proxy service-ips { %1$s . tcp . %2$d : goto %3$s }
    """
        .formatted(ip, Population.SERVICE_PORT, serviceChain(service));
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

  /** Empties chains of endpoints that are no more. */
  static String flushed(int service, List<String> gone) {
    return command("flush", service, gone);
  }

  /** Removes chains that were flushed by an earlier sync. */
  static String deleted(int service, List<String> gone) {
    return command("delete", service, gone);
  }

  private static String command(String verb, int service, List<String> gone) {
    StringBuilder text = new StringBuilder();
    for (String address : gone) {
      text.append(verb)
          .append(" chain ip kube-proxy ")
          .append(endpointChain(service, address))
          .append('\n');
    }
    return text.toString();
  }
}
