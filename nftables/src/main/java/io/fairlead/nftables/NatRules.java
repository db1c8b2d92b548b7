package io.fairlead.nftables;

import static io.fairlead.nftables.BaseTable.NF_IP_PRI_NAT_DST;

import io.fairlead.dataplane.model.AddressFamily;
import io.fairlead.dataplane.netlink.nftables.NfChain;
import io.fairlead.dataplane.netlink.nftables.NfChain.Point;
import io.fairlead.dataplane.netlink.nftables.expression.Bytes;
import io.fairlead.dataplane.netlink.nftables.expression.Field;
import io.fairlead.dataplane.netlink.nftables.expression.Fields;
import io.fairlead.dataplane.netlink.nftables.expression.RuleBuilder;
import io.fairlead.dataplane.netlink.nftables.expression.Verdict;
import io.fairlead.dataplane.service.LocalPods;
import io.fairlead.dataplane.service.ServiceSettings;
import io.fairlead.dataplane.table.TableShape;
import java.util.List;

/**
 * Where new connections to Services go: one way per kind of client and address family.
 *
 * <p>Node ports are served on all addresses that the routing tables call local at that moment, but
 * not on loopback addresses: answers to a pod could not come back from there, and a node that
 * serves 127.0.0.1 has to route what comes from other hosts as if it were its own.
 */
final class NatRules {

  private static final String PREROUTING = "nat-prerouting";
  private static final String OUTPUT = "nat-output";

  private final TableShape shape;
  private final ServiceSettings settings;

  NatRules(TableShape shape, ServiceSettings settings) {
    this.shape = shape;
    this.settings = settings;
  }

  static void declare(TableShape shape) {
    for (AddressFamily family : AddressFamily.values()) {
      shape.sets(ServiceSets.of(family).all());
    }
    shape.sets(List.of(ServiceSets.BALANCE));
    for (Client client : Client.values()) {
      shape.sets(List.of(client.masqueraded()));
    }
    shape.hook(
        PREROUTING,
        NfChain.Type.NAT,
        Point.PREROUTING,
        NF_IP_PRI_NAT_DST,
        "new connections of pods and from outside");
    shape.hook(
        OUTPUT, NfChain.Type.NAT, Point.OUTPUT, NF_IP_PRI_NAT_DST, "new connections of this node");
    for (AddressFamily family : AddressFamily.values()) {
      for (Client client : Client.values()) {
        shape.chain(client.chain(family), "");
        shape.chain(client.nodePortChain(family), "");
      }
      shape.chain(sourceCheck(family), "drop clients that are not allowed");
    }
    for (Client client : Client.values()) {
      shape.chain(client.connectChain(), "by the number of endpoints");
    }
  }

  private static String sourceCheck(AddressFamily family) {
    return "check-source-" + FamilySets.of(family).suffix();
  }

  void add() {
    for (AddressFamily family : AddressFamily.values()) {
      addHooks(family);
      addSourceCheck(ServiceSets.of(family));
      for (Client client : Client.values()) {
        addClient(client, ServiceSets.of(family));
        addNodePorts(client, ServiceSets.of(family).nodePorts());
      }
    }
    for (Client client : Client.values()) {
      addConnect(client);
    }
  }

  private void addHooks(AddressFamily family) {
    switch (settings.localPods()) {
      case LocalPods.Networks _ -> {
        ServiceSets sets = ServiceSets.of(family);
        addPods(family, of(family).in(sets.detectedPods().name(), sets.base().source()));
      }
      case LocalPods.Interface device -> addPods(family, of(family).cameThrough(device.name()));
      case LocalPods.InterfacePrefix device ->
          addPods(family, of(family).cameThroughPrefix(device.prefix()));
      case LocalPods.Unknown _ -> {}
    }
    shape.rule(PREROUTING, of(family).verdict(Verdict.goTo(Client.OUTSIDE.chain(family))));
    shape.rule(OUTPUT, of(family).verdict(Verdict.goTo(Client.NODE.chain(family))));
  }

  private void addPods(AddressFamily family, RuleBuilder pods) {
    shape.rule(PREROUTING, pods.verdict(Verdict.goTo(Client.PODS.chain(family))));
  }

  private static RuleBuilder of(AddressFamily family) {
    return new RuleBuilder().family(family);
  }

  private void addSourceCheck(ServiceSets sets) {
    AddressFamily family = sets.base().family();
    FrontendSets virtual = sets.virtual();
    String chain = sourceCheck(family);
    Field[] key = sets.allowed().key().toArray(Field[]::new);
    shape.rule(chain, of(family).in(sets.allowed().name(), key).verdict(Verdict.RETURN));
    shape.rule(chain, of(family).in(sets.blocked().name(), virtual.packet()).verdict(Verdict.DROP));
  }

  private void addClient(Client client, ServiceSets sets) {
    AddressFamily family = sets.base().family();
    FrontendSets virtual = sets.virtual();
    String chain = client.chain(family);
    shape.rule(
        chain,
        of(family)
            .in(sets.restricted().name(), virtual.packet())
            .verdict(Verdict.jump(sourceCheck(family))));
    addFrontends(client, virtual, chain);
    RuleBuilder nodePorts = notLoopback(family);
    if (!settings.nodePortAddresses(family).isEmpty()) {
      nodePorts.in(sets.nodeAddresses().name(), sets.base().destination());
    }
    shape.rule(chain, nodePorts.toThisHost().verdict(Verdict.goTo(client.nodePortChain(family))));
  }

  /** Only packets of the family to other addresses than 127.0.0.0/8 or ::1. */
  static RuleBuilder notLoopback(AddressFamily family) {
    return switch (family) {
      case IPV4 ->
          of(family)
              .notIn(
                  Fields.IP_DADDR,
                  Bytes.of((byte) 127, (byte) 0, (byte) 0, (byte) 0),
                  Bytes.of((byte) 255, (byte) 0, (byte) 0, (byte) 0));
      case IPV6 -> {
        byte[] loopback = new byte[16];
        loopback[15] = 1;
        yield of(family).notEqual(Fields.IP6_DADDR, Bytes.of(loopback));
      }
    };
  }

  private void addNodePorts(Client client, FrontendSets nodePorts) {
    addFrontends(client, nodePorts, client.nodePortChain(nodePorts.family()));
  }

  private void addFrontends(Client client, FrontendSets frontends, String chain) {
    AddressFamily family = frontends.family();
    Verdict connect = Verdict.goTo(client.connectChain());
    Field[] key = frontends.packet();
    if (client == Client.OUTSIDE) {
      shape.rule(chain, of(family).in(frontends.localDropped().name(), key).verdict(Verdict.DROP));
      shape.rule(
          chain, of(family).priority(frontends.localServices().name(), key).verdict(connect));
    }
    shape.rule(chain, of(family).priority(frontends.services().name(), key).verdict(connect));
    shape.rule(chain, of(family).in(frontends.dropped().name(), key).verdict(Verdict.DROP));
  }

  /** Asks for masquerade where it is due, and leads to the endpoints. */
  private void addConnect(Client client) {
    String chain = client.connectChain();
    int mark = settings.masqueradeMark();
    shape.rule(
        chain, new RuleBuilder().in(client.masqueraded().name(), Fields.PRIORITY).mark(mark));
    String outside = Client.OUTSIDE.masqueraded().name();
    if (client == Client.NODE && settings.localPods() instanceof LocalPods.Networks) {
      for (AddressFamily family : AddressFamily.values()) {
        ServiceSets sets = ServiceSets.of(family);
        shape.rule(
            chain,
            of(family)
                .notIn(sets.detectedPods().name(), sets.base().source())
                .in(outside, Fields.PRIORITY)
                .mark(mark));
      }
    } else if (client == Client.NODE) {
      shape.rule(chain, new RuleBuilder().in(outside, Fields.PRIORITY).mark(mark));
    }
    shape.rule(chain, new RuleBuilder().vmap(ServiceSets.BALANCE.name(), Fields.PRIORITY));
  }
}
