package io.fairlead.iptables.kernel;

import io.fairlead.dataplane.model.Cidr;
import io.fairlead.dataplane.model.Ipv4Address;
import io.fairlead.dataplane.model.Protocol;
import io.fairlead.dataplane.service.EndpointAddress;
import io.fairlead.iptables.rule.IptablesRule;
import io.fairlead.iptables.rule.Match;
import io.fairlead.iptables.rule.Target;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Chains as a backend would make them for many Services with two endpoints each. */
final class ScaleModel {

  static final int MARK = 0x4000;
  static final String ENTRY = "FAIRLEAD-SERVICES";

  /** Services that share a chain of the dispatch tree. */
  private static final int LEAF = 64;

  private ScaleModel() {}

  static Ipv4Address serviceAddress(int service) {
    return new Ipv4Address(0x0a600000 + service);
  }

  private static EndpointAddress endpoint(int number) {
    return new EndpointAddress(new Ipv4Address(0x0af40000 + number), 8080);
  }

  static String serviceChain(int service) {
    return String.format("FAIRLEAD-SVC-%06d", service);
  }

  static String endpointChain(int number) {
    return String.format("FAIRLEAD-SEP-%06d", number);
  }

  static List<IptablesRule> serviceRules(int service, int first, int second) {
    Match comment = new Match.Comment("default/service-" + service + ":http");
    return List.of(
        IptablesRule.of(
            new Target.MarkOr(MARK), new Match.Source(Cidr.parse("10.244.0.0/16"), true), comment),
        IptablesRule.of(new Target.Jump(endpointChain(first)), comment, Match.RandomShare.oneOf(2)),
        IptablesRule.of(new Target.Jump(endpointChain(second)), comment));
  }

  static List<IptablesRule> endpointRules(int service, int number) {
    Match comment = new Match.Comment("default/service-" + service + ":http");
    EndpointAddress endpoint = endpoint(number);
    return List.of(
        IptablesRule.of(
            new Target.MarkOr(MARK),
            new Match.Source(Cidr.host(endpoint.address()), false),
            comment),
        IptablesRule.of(
            new Target.DestinationNat(endpoint), new Match.ProtocolIs(Protocol.TCP), comment));
  }

  /** The chains of one Service, those that are led to first. */
  static Map<String, List<IptablesRule>> chainsOf(int service) {
    Map<String, List<IptablesRule>> chains = new LinkedHashMap<>();
    chains.put(endpointChain(2 * service), endpointRules(service, 2 * service));
    chains.put(endpointChain(2 * service + 1), endpointRules(service, 2 * service + 1));
    chains.put(serviceChain(service), serviceRules(service, 2 * service, 2 * service + 1));
    return chains;
  }

  /** The dispatch tree, the root last. */
  static Map<String, List<IptablesRule>> dispatch(int services) {
    Map<String, List<IptablesRule>> chains = new LinkedHashMap<>();
    List<IptablesRule> middle = new ArrayList<>();
    List<IptablesRule> root = new ArrayList<>();
    for (int from = 0; from < services; from += LEAF) {
      List<IptablesRule> leaf = new ArrayList<>();
      for (int service = from; service < Math.min(services, from + LEAF); service++) {
        leaf.add(
            IptablesRule.of(
                new Target.GoTo(serviceChain(service)),
                new Match.Destination(Cidr.host(serviceAddress(service)), false),
                new Match.ProtocolIs(Protocol.TCP),
                new Match.Comment("default/service-" + service + ":http cluster IP"),
                new Match.DestinationPort(80)));
      }
      chains.put("FAIRLEAD-LEAF-" + from, leaf);
      middle.add(
          IptablesRule.of(
              new Target.GoTo("FAIRLEAD-LEAF-" + from),
              new Match.Destination(new Cidr(serviceAddress(from), 26), false)));
      if (middle.size() == LEAF || from + LEAF >= services) {
        String name = "FAIRLEAD-TREE-" + from / (LEAF * LEAF);
        chains.put(name, List.copyOf(middle));
        middle.clear();
        root.add(
            IptablesRule.of(
                new Target.GoTo(name),
                new Match.Destination(new Cidr(serviceAddress(from), 20), false)));
      }
    }
    chains.put(ENTRY, root);
    return chains;
  }

  static List<BuiltInJump> jumps() {
    IptablesRule jump = IptablesRule.of(new Target.Jump(ENTRY));
    return List.of(
        new BuiltInJump("PREROUTING", jump, true), new BuiltInJump("OUTPUT", jump, true));
  }

  /** What iptables-restore reads for a change of chains, as a rival would write it. */
  static String restoreText(Map<String, List<IptablesRule>> chains) {
    StringBuilder text = new StringBuilder("*nat\n");
    chains.keySet().forEach(chain -> text.append(':').append(chain).append(" - [0:0]\n"));
    chains.forEach((chain, rules) -> {
      for (IptablesRule rule : rules) {
        text.append("-A ")
            .append(chain)
            .append(' ')
            .append(rule.text(io.fairlead.dataplane.model.AddressFamily.IPV4))
            .append('\n');
      }
    });
    return text.append("COMMIT\n").toString();
  }
}
