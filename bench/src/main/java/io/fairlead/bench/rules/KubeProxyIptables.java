package io.fairlead.bench.rules;

import java.util.List;
import java.util.Locale;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The rules of kube-proxy 1.36 in iptables mode, as the input of iptables-restore: a chain per
 * Service port and one per endpoint, and one chain with a rule for each Service.
 */
final class KubeProxyIptables {

  private static final String POD_CIDR = "10.244.0.0/16";

  /** Above so many endpoints kube-proxy leaves comments out of chains of Services. */
  private static final int LARGE_CLUSTER_ENDPOINTS = 1000;

  private static final String FILTER =
      """
      *filter
      :KUBE-SERVICES - [0:0]
      :KUBE-EXTERNAL-SERVICES - [0:0]
      :KUBE-FORWARD - [0:0]
      :KUBE-NODEPORTS - [0:0]
      :KUBE-PROXY-FIREWALL - [0:0]
      -A KUBE-FORWARD -m conntrack --ctstate INVALID -j DROP
      -A KUBE-FORWARD -m comment --comment "kubernetes forwarding rules" -m mark --mark 0x4000/0x4000 -j ACCEPT
      -A KUBE-FORWARD -m comment --comment "kubernetes forwarding conntrack rule" -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT
      """;

  private static final String NAT_CHAINS =
      """
      COMMIT
      *nat
      :KUBE-SERVICES - [0:0]
      :KUBE-NODEPORTS - [0:0]
      :KUBE-POSTROUTING - [0:0]
      :KUBE-MARK-MASQ - [0:0]
      """;

  private static final String BASE_RULES =
      """
      -A KUBE-POSTROUTING -m mark ! --mark 0x4000/0x4000 -j RETURN
      -A KUBE-POSTROUTING -j MARK --xor-mark 0x4000
      -A KUBE-POSTROUTING -m comment --comment "kubernetes service traffic requiring SNAT" -j MASQUERADE --random-fully
      -A KUBE-MARK-MASQ -j MARK --or-mark 0x4000
      """;

  private static final String LAST_RULE =
      "-A KUBE-SERVICES -m comment --comment \"kubernetes service nodeports; NOTE: this must be the"
          + " last rule in this chain\" -m addrtype --dst-type LOCAL -j KUBE-NODEPORTS\n";

  /** What leads from the kernel's hooks to the chains; written once. */
  static final String HOOKS =
      """
      *filter
      -A INPUT -m conntrack --ctstate NEW -j KUBE-PROXY-FIREWALL
      -A INPUT -m conntrack --ctstate NEW -j KUBE-EXTERNAL-SERVICES
      -A INPUT -j KUBE-NODEPORTS
      -A FORWARD -m conntrack --ctstate NEW -j KUBE-PROXY-FIREWALL
      -A FORWARD -j KUBE-FORWARD
      -A FORWARD -m conntrack --ctstate NEW -j KUBE-SERVICES
      -A FORWARD -m conntrack --ctstate NEW -j KUBE-EXTERNAL-SERVICES
      -A OUTPUT -m conntrack --ctstate NEW -j KUBE-PROXY-FIREWALL
      -A OUTPUT -m conntrack --ctstate NEW -j KUBE-SERVICES
      COMMIT
      *nat
      -A PREROUTING -m comment --comment "kubernetes service portals" -j KUBE-SERVICES
      -A OUTPUT -m comment --comment "kubernetes service portals" -j KUBE-SERVICES
      -A POSTROUTING -m comment --comment "kubernetes postrouting rules" -j KUBE-POSTROUTING
      COMMIT
      """;

  private final boolean comments;
  private final String dispatch;

  /** Services beside the population that exist, and whether they have endpoints. */
  private final SortedMap<Integer, Boolean> spare = new TreeMap<>();

  KubeProxyIptables(Population population) {
    this.comments = population.services() * population.endpoints() <= LARGE_CLUSTER_ENDPOINTS;
    StringBuilder rules = new StringBuilder();
    for (int service = 0; service < population.services(); service++) {
      rules.append(dispatch(service));
    }
    this.dispatch = rules.toString();
  }

  private static String dispatch(int service) {
    return "-A KUBE-SERVICES -m comment --comment \"%s cluster IP\" %s -j %s\n"
        .formatted(KubeProxyNames.port(service), match(service), serviceChain(service));
  }

  private static String refusal(int service) {
    return "-A KUBE-SERVICES -m comment --comment \"%s has no endpoints\" %s -j REJECT\n"
        .formatted(KubeProxyNames.port(service), match(service));
  }

  private static String match(int service) {
    return "-m tcp -p tcp -d %s --dport %d"
        .formatted(Population.clusterIp(service), Population.SERVICE_PORT);
  }

  private static String serviceChain(int service) {
    return "KUBE-SVC-" + KubeProxyNames.hash(KubeProxyNames.port(service) + "tcp", 16);
  }

  private static String endpointChain(int service, String endpoint) {
    return "KUBE-SEP-" + KubeProxyNames.hash(KubeProxyNames.port(service) + "tcp" + endpoint, 16);
  }

  /** Some Services' own chains and nothing else: a part of a first sync. */
  static final class Part {
    private final StringBuilder chains = new StringBuilder();
    private final StringBuilder rules = new StringBuilder();

    /** As a call of its own. */
    String text() {
      return "*nat\n:KUBE-MARK-MASQ - [0:0]\n"
          + chains
          + "-A KUBE-MARK-MASQ -j MARK --or-mark 0x4000\n"
          + rules
          + "COMMIT\n";
    }
  }

  /** Adds the chains of one Service. */
  void add(Part part, int service, List<String> addresses) {
    String chain = serviceChain(service);
    List<String> endpoints = KubeProxyNames.endpoints(addresses);
    part.chains.append(':').append(chain).append(" - [0:0]\n");
    part.rules.append(
        "-A %s %s-m tcp -p tcp -d %s --dport %d ! -s %s -j KUBE-MARK-MASQ\n"
            .formatted(
                chain,
                comment(KubeProxyNames.port(service) + " cluster IP"),
                Population.clusterIp(service),
                Population.SERVICE_PORT,
                POD_CIDR));
    for (int i = 0; i < endpoints.size(); i++) {
      String endpoint = endpoints.get(i);
      int left = endpoints.size() - i;
      part.rules
          .append("-A ")
          .append(chain)
          .append(' ')
          .append(comment(KubeProxyNames.port(service) + " -> " + endpoint))
          .append(left == 1 ? "" : probability(left))
          .append("-j ")
          .append(endpointChain(service, endpoint))
          .append('\n');
    }
    for (int i = 0; i < endpoints.size(); i++) {
      String name = endpointChain(service, endpoints.get(i));
      String comment = comment(KubeProxyNames.port(service));
      part.chains.append(':').append(name).append(" - [0:0]\n");
      part.rules.append(
          "-A %1$s %2$s-s %3$s -j KUBE-MARK-MASQ\n-A %1$s %2$s-m tcp -p tcp -j DNAT --to-destination %4$s\n"
              .formatted(name, comment, addresses.get(i), endpoints.get(i)));
    }
  }

  private static String probability(int left) {
    return String.format(
        Locale.ROOT, "-m statistic --mode random --probability %.10f ", 1.0 / left);
  }

  private String comment(String text) {
    return comments ? "-m comment --comment \"" + text + "\" " : "";
  }

  /** A sync after a change: the dispatch chains whole, with the chains of one Service. */
  String sync(Change change) {
    int service = change.service();
    boolean has = !change.addresses().isEmpty();
    if (change.kind() == Change.Kind.DELETED) {
      spare.remove(service);
    } else if (service >= Population.FIRST_SPARE) {
      spare.put(service, has);
    }
    Part part = new Part();
    if (has) {
      add(part, service, change.addresses());
    }
    return sync(part);
  }

  /** A sync: the dispatch chains whole, with the chains of the Services in {@code part}. */
  String sync(Part part) {
    StringBuilder refusals = new StringBuilder();
    StringBuilder jumps = new StringBuilder();
    spare.forEach((service, has) ->
        (has ? jumps : refusals).append(has ? dispatch(service) : refusal(service)));
    return FILTER
        + refusals
        + NAT_CHAINS
        + part.chains
        + BASE_RULES
        + part.rules
        + dispatch
        + jumps
        + LAST_RULE
        + "COMMIT\n";
  }
}
