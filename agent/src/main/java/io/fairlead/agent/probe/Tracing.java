package io.fairlead.agent.probe;

import io.fairlead.dataplane.model.AddressFamily;
import io.fairlead.dataplane.model.IpAddress;
import io.fairlead.dataplane.netlink.NetlinkException;
import io.fairlead.dataplane.netlink.nftables.NfChain;
import io.fairlead.dataplane.netlink.nftables.NfChain.Point;
import io.fairlead.dataplane.netlink.nftables.NfOperation;
import io.fairlead.dataplane.netlink.nftables.NfRule;
import io.fairlead.dataplane.netlink.nftables.NfTable;
import io.fairlead.dataplane.netlink.nftables.NfTablesSocket;
import io.fairlead.dataplane.netlink.nftables.NfTransaction;
import io.fairlead.dataplane.netlink.nftables.TableName;
import io.fairlead.dataplane.netlink.nftables.TraceEvent;
import io.fairlead.dataplane.netlink.nftables.TraceMonitor;
import io.fairlead.dataplane.netlink.nftables.expression.Bytes;
import io.fairlead.dataplane.netlink.nftables.expression.Cmp;
import io.fairlead.dataplane.netlink.nftables.expression.CmpOperator;
import io.fairlead.dataplane.netlink.nftables.expression.Fields;
import io.fairlead.dataplane.netlink.nftables.expression.Payload;
import io.fairlead.dataplane.netlink.nftables.expression.RuleBuilder;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Has the kernel tell which rules one packet meets: by a table of its own, which belongs to its
 * socket and so goes with this process at the latest. Not thread-safe.
 */
final class Tracing implements AutoCloseable {

  /** Before everybody else's, those of connection tracking and of raw tables included. */
  private static final int FIRST = -450;

  /** ICMP's type, code and checksum come before the identifier. */
  private static final int ICMP_IDENTIFIER = 4;

  /** In the order in which they came; written by the monitor's thread. */
  private final List<TraceEvent> events = new ArrayList<>();

  private final CountDownLatch removed = new CountDownLatch(1);
  private final AtomicBoolean incomplete = new AtomicBoolean();
  private final NfTablesSocket kernel;
  private final TableName table;
  private final TraceMonitor monitor;
  private volatile boolean removing;

  /** The packet that is followed. */
  record Packet(
      IpAddress source, IpAddress destination, ProbeProtocol protocol, int sourcePort, int port) {}

  private Tracing(NfTablesSocket kernel, TableName table) throws IOException {
    this.kernel = kernel;
    this.table = table;
    int port = kernel.port();
    this.monitor =
        TraceMonitor.start(
            "probe-trace",
            new TraceMonitor.Listener() {
              @Override
              public void step(TraceEvent event) {
                synchronized (events) {
                  events.add(event);
                }
              }

              @Override
              public void changed(int changer) {
                if (removing && changer == port) {
                  removed.countDown();
                }
              }

              @Override
              public void overrun() {
                incomplete.set(true);
              }

              @Override
              public void problem(IOException cause) {
                incomplete.set(true);
              }
            });
  }

  /**
   * Begins, in the calling thread's network namespace.
   *
   * @throws ProbeException if the kernel does not allow it
   */
  static Tracing start(Packet packet) throws IOException {
    TableName table = TableName.inet("fairlead-probe-" + ProcessHandle.current().pid());
    NfTablesSocket kernel = open();
    try {
      Tracing tracing = new Tracing(kernel, table);
      try {
        kernel.commit(rules(table, packet));
        return tracing;
      } catch (NetlinkException e) {
        tracing.monitor.close();
        throw refusal(e);
      }
    } catch (IOException e) {
      kernel.close();
      throw e;
    }
  }

  private static NfTablesSocket open() throws IOException {
    try {
      return NfTablesSocket.open();
    } catch (IOException e) {
      throw new ProbeException(
          "rules cannot be followed here: " + e.getMessage() + "; run this as root on the node", e);
    }
  }

  private static ProbeException refusal(NetlinkException cause) {
    String mend =
        cause.isForbidden()
            ? "run this as root on the node"
            : "it takes Linux 5.12 or newer, with nf_tables";
    return new ProbeException(
        "rules cannot be followed here: " + cause.getMessage() + "; " + mend, cause);
  }

  private static NfTransaction rules(TableName table, Packet packet) {
    NfTransaction transaction =
        NfTransaction.of(
            new NfOperation.AddTable(
                NfTable.of(table, "of fairlead why --probe, for a second").ownedBriefly()));
    for (Point point : new Point[] {Point.PREROUTING, Point.OUTPUT}) {
      String name = point == Point.OUTPUT ? "output" : "prerouting";
      NfChain.Hook hook = NfChain.Hook.accepting(NfChain.Type.FILTER, point, FIRST);
      transaction.add(new NfOperation.AddChain(new NfChain(table, name, hook, "")));
      transaction.add(new NfOperation.AddRule(NfRule.of(table, name, "", rule(packet).build())));
    }
    return transaction;
  }

  private static RuleBuilder rule(Packet packet) {
    AddressFamily family = packet.source().family();
    boolean v4 = family == AddressFamily.IPV4;
    RuleBuilder rule =
        new RuleBuilder()
            .family(family)
            .equal(v4 ? Fields.IP_SADDR : Fields.IP6_SADDR, Bytes.of(packet.source()))
            .equal(v4 ? Fields.IP_DADDR : Fields.IP6_DADDR, Bytes.of(packet.destination()))
            .equal(Fields.L4PROTO, Bytes.u8(packet.protocol().number(family)));
    if (packet.protocol().hasPorts()) {
      rule.equal(Fields.TH_SPORT, Bytes.u16Be(packet.sourcePort()))
          .equal(Fields.TH_DPORT, Bytes.u16Be(packet.port()));
    } else {
      rule.then(new Payload(Payload.Base.TRANSPORT, ICMP_IDENTIFIER, 2, 0))
          .then(new Cmp(CmpOperator.EQUAL, 0, Bytes.u16Be(packet.sourcePort())));
    }
    return rule.trace();
  }

  /**
   * Ends it, and returns what the packet met until now, in order, without this object's own table.
   *
   * @param limit how long to wait for what the kernel has sent already
   */
  List<TraceEvent> finish(Duration limit) throws IOException, InterruptedException {
    removing = true;
    kernel.commit(NfTransaction.of(new NfOperation.DeleteTable(table)));
    // The kernel tells of this behind all that it told of the packet.
    if (!removed.await(limit.toMillis(), TimeUnit.MILLISECONDS)) {
      incomplete.set(true);
    }
    synchronized (events) {
      return ofFirstPacket(events, table);
    }
  }

  /**
   * The steps of the first packet that the table had traced; the acknowledgement of a connection's
   * answer is another one, and may even be told by the same number.
   */
  static List<TraceEvent> ofFirstPacket(List<TraceEvent> events, TableName table) {
    List<TraceEvent> steps = new ArrayList<>();
    Set<String> begun = new HashSet<>();
    int id = 0;
    for (TraceEvent event : events) {
      if (event.table().equals(table)) {
        if (event.rule() != 0 && !begun.add(event.chain())) {
          break;
        }
        id = steps.isEmpty() ? event.id() : id;
      } else if (!begun.isEmpty() && event.id() == id && !isMereEnd(event)) {
        steps.add(event);
      }
    }
    return steps;
  }

  /** Of most chains the kernel tells that they ended, besides what follows from it. */
  private static boolean isMereEnd(TraceEvent event) {
    return event.rule() == 0 && event.verdict().equals("continue");
  }

  /** Whether steps may be missing. */
  boolean isIncomplete() {
    return incomplete.get();
  }

  /** The kernel's rules, as long as this is open. */
  NfTablesSocket kernel() {
    return kernel;
  }

  /** The table goes with the socket, unless it has gone before. */
  @Override
  public void close() {
    monitor.close();
    kernel.close();
  }
}
