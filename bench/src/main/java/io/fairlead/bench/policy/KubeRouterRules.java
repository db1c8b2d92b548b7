package io.fairlead.bench.policy;

import io.fairlead.dataplane.model.NetworkPolicyRecord;
import io.fairlead.dataplane.model.ObjectKey;
import io.fairlead.dataplane.model.PodRecord;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** The filter table that kube-router writes at each sync: all of it. */
final class KubeRouterRules {

  private static final String HEAD =
      """
      *filter
      :INPUT ACCEPT [0:0]
      :FORWARD ACCEPT [0:0]
      :OUTPUT ACCEPT [0:0]
      :KUBE-ROUTER-INPUT - [0:0]
      :KUBE-ROUTER-FORWARD - [0:0]
      :KUBE-ROUTER-OUTPUT - [0:0]
      :KUBE-NWPLCY-COMMON - [0:0]
      :KUBE-NWPLCY-DEFAULT - [0:0]
      :KUBE-NWPLCY-TAIL - [0:0]
      """;

  private static final String BASE =
      """
      -A INPUT -m comment --comment "kube-router netpol" -j KUBE-ROUTER-INPUT
      -A FORWARD -m comment --comment "kube-router netpol" -j KUBE-ROUTER-FORWARD
      -A OUTPUT -m comment --comment "kube-router netpol" -j KUBE-ROUTER-OUTPUT
      -A KUBE-ROUTER-INPUT -d 10.96.0.0/16 -j RETURN
      -A KUBE-ROUTER-INPUT -p tcp -m addrtype --dst-type LOCAL -m multiport --dports 30000:32767 -j RETURN
      -A KUBE-ROUTER-INPUT -p udp -m addrtype --dst-type LOCAL -m multiport --dports 30000:32767 -j RETURN
      -A KUBE-ROUTER-INPUT -p sctp -m addrtype --dst-type LOCAL -m multiport --dports 30000:32767 -j RETURN
      -A KUBE-NWPLCY-COMMON -m conntrack --ctstate INVALID -j DROP
      -A KUBE-NWPLCY-COMMON -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT
      -A KUBE-NWPLCY-COMMON -p icmp --icmp-type echo-request -j ACCEPT
      -A KUBE-NWPLCY-COMMON -p icmp --icmp-type destination-unreachable -j ACCEPT
      -A KUBE-NWPLCY-COMMON -p icmp --icmp-type time-exceeded -j ACCEPT
      -A KUBE-NWPLCY-DEFAULT -j MARK --set-xmark 0x10000/0x10000
      -A KUBE-NWPLCY-TAIL -m mark --mark 0x20000/0x20000 -j ACCEPT
      """;

  private static final List<String> TOP = List.of("INPUT", "FORWARD", "OUTPUT");

  private final String version;
  private final StringBuilder chains = new StringBuilder(HEAD);
  private final StringBuilder rules = new StringBuilder(BASE);

  /** Chains get other names with each version. */
  KubeRouterRules(String version) {
    this.version = version;
  }

  private void chain(String name) {
    chains.append(':').append(name).append(" - [0:0]\n");
  }

  private void rule(String... words) {
    rules.append(String.join(" ", words)).append('\n');
  }

  private static String comment(ObjectKey key, String what) {
    return "-m comment --comment \"" + key.namespace() + "/" + key.name() + " " + what + "\"";
  }

  void policy(ObjectKey policy) {
    chain(KubeRouterNames.policyChain(policy, version));
  }

  /**
   * What a rule of a policy allows: packets that match are marked, and need not be looked at by
   * other policies.
   *
   * @param match of sets, protocol and port
   */
  void allow(ObjectKey policy, String what, String match) {
    String begin =
        "-A "
            + KubeRouterNames.policyChain(policy, version)
            + " "
            + comment(policy, what)
            + " "
            + match;
    rule(begin, "-j MARK --set-xmark 0x10000/0x10000");
    rule(begin, "-m mark --mark 0x10000/0x10000 -j RETURN");
  }

  /** A pod of this node, selected by these policies or by none. */
  void pod(PodRecord pod, List<NetworkPolicyRecord> policies) {
    String name = KubeRouterNames.podChain(pod.key(), version);
    String address = pod.addresses().getFirst().toString();
    chain(name);
    List<String> first = new ArrayList<>();
    boolean ingress = false;
    boolean egress = false;
    for (NetworkPolicyRecord policy : policies) {
      ingress |= policy.ingress() != null;
      egress |= policy.egress() != null;
      first.add(
          (policy.egress() == null ? "-d " + address + " " : "")
              + (policy.ingress() == null ? "-s " + address + " " : "")
              + comment(policy.key(), "policy")
              + " -j "
              + KubeRouterNames.policyChain(policy.key(), version));
    }
    Map<String, Boolean> isolated = Map.of("-d ", ingress, "-s ", egress);
    isolated.forEach((side, is) -> {
      if (!is) {
        first.add(side + address + " -j KUBE-NWPLCY-DEFAULT");
      }
    });
    first.add("-m addrtype --src-type LOCAL -d " + address + " -j ACCEPT");
    first.add("-j KUBE-NWPLCY-COMMON");
    first.forEach(text -> rule("-I", name, "1", text));
    lead(pod.key(), name, address);
    String chain = "-A " + name;
    String denied = "-m mark ! --mark 0x10000/0x10000";
    rule(
        chain,
        comment(pod.key(), "log-drop"),
        denied,
        "-j NFLOG --nflog-group 100 -m limit --limit 10/minute --limit-burst 10");
    rule(chain, comment(pod.key(), "reject"), denied, "-j REJECT");
    rule(chain, "-j MARK --set-mark 0/0x10000");
    rule(chain, "-j MARK --set-mark 0x20000/0x20000");
  }

  /** To a pod's chain, whatever way its packets take. */
  private void lead(ObjectKey pod, String name, String address) {
    String in = comment(pod, "in") + " -d " + address + " -j " + name;
    String out = comment(pod, "out") + " -s " + address + " -j " + name;
    rule("-A KUBE-ROUTER-FORWARD", in);
    rule("-A KUBE-ROUTER-OUTPUT", in);
    rule("-A KUBE-ROUTER-FORWARD -m physdev --physdev-is-bridged", in);
    for (String top : TOP) {
      rule("-A KUBE-ROUTER-" + top, out);
    }
    rule("-A KUBE-ROUTER-FORWARD -m physdev --physdev-is-bridged", out);
  }

  /** The whole, to be called once. */
  String text() {
    for (String top : TOP) {
      rule("-A KUBE-ROUTER-" + top + " -j KUBE-NWPLCY-TAIL");
      rule("-A KUBE-ROUTER-" + top + " -m mark --mark 0x20000/0x20000 -j ACCEPT");
    }
    return chains + rules.toString() + "COMMIT\n";
  }
}
