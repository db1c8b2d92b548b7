package io.fairlead.nftables.policy;

import io.fairlead.dataplane.model.AddressFamily;
import io.fairlead.dataplane.model.IpAddress;
import io.fairlead.dataplane.netlink.NetlinkException;
import io.fairlead.dataplane.netlink.conntrack.ConntrackTuple;
import io.fairlead.dataplane.netlink.conntrack.TransportKey.Ports;
import io.fairlead.dataplane.netlink.nftables.KeyBuilder;
import io.fairlead.dataplane.netlink.nftables.NfOperation;
import io.fairlead.dataplane.netlink.nftables.NfSet;
import io.fairlead.dataplane.netlink.nftables.NfTablesKernel;
import io.fairlead.dataplane.netlink.nftables.NfTransaction;
import io.fairlead.dataplane.netlink.nftables.SetElement;
import io.fairlead.dataplane.netlink.nftables.expression.Bytes;
import java.io.IOException;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Answers of flows that were cut, as elements. The kernel alone holds them: they go by themselves,
 * and outlive the agent.
 *
 * <p>Not of TCP, whose rule needs no list: there a packet says whether it begins a connection.
 */
final class CutSet {

  private CutSet() {}

  static void add(NfTablesKernel kernel, Collection<ConntrackTuple> answers) throws IOException {
    NfTransaction transaction = new NfTransaction();
    for (AddressFamily family : AddressFamily.values()) {
      List<SetElement> elements = elements(answers, family);
      if (!elements.isEmpty()) {
        transaction.add(new NfOperation.AddElements(set(family), elements));
      }
    }
    kernel.commit(transaction);
  }

  /** Those that are in the kernel; none if there is no table. */
  static Set<ConntrackTuple> read(NfTablesKernel kernel) throws IOException {
    Set<ConntrackTuple> answers = new HashSet<>();
    for (AddressFamily family : AddressFamily.values()) {
      try {
        for (SetElement element : kernel.elements(set(family))) {
          answers.add(tuple(element.key(), family));
        }
      } catch (NetlinkException e) {
        if (!e.isNotFound()) {
          throw e;
        }
      }
    }
    return answers;
  }

  /** One by one: any of them may have gone by itself. */
  static void remove(NfTablesKernel kernel, Collection<ConntrackTuple> answers) throws IOException {
    for (AddressFamily family : AddressFamily.values()) {
      for (SetElement element : elements(answers, family)) {
        try {
          kernel.commit(
              NfTransaction.of(new NfOperation.DeleteElements(set(family), List.of(element))));
        } catch (NetlinkException e) {
          if (!e.isNotFound()) {
            throw e;
          }
        }
      }
    }
  }

  private static NfSet set(AddressFamily family) {
    return PolicySets.of(family).cut();
  }

  private static List<SetElement> elements(
      Collection<ConntrackTuple> answers, AddressFamily family) {
    return answers.stream()
        .filter(answer -> answer.family() == family && answer.protocol() != ConntrackTuple.TCP)
        .filter(answer -> answer.key() instanceof Ports)
        .map(CutSet::element)
        .distinct()
        .toList();
  }

  private static SetElement element(ConntrackTuple answer) {
    Ports ports = (Ports) answer.key();
    return SetElement.of(
        new KeyBuilder()
            .address(answer.source())
            .port(ports.source())
            .address(answer.destination())
            .port(ports.destination())
            .protocol(answer.protocol())
            .build());
  }

  private static ConntrackTuple tuple(Bytes key, AddressFamily family) {
    int length = family.byteLength();
    int second = length + 4;
    int protocol = 2 * second;
    return new ConntrackTuple(
        IpAddress.of(key.slice(0, length).toArray()),
        IpAddress.of(key.slice(second, length).toArray()),
        key.at(protocol),
        new Ports(key.u16BeAt(length), key.u16BeAt(second + length)));
  }
}
