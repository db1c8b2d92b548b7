package io.fairlead.bench.rules;

import static io.fairlead.dataplane.netlink.NetlinkConstants.NETLINK_GENERIC;

import io.fairlead.bench.lab.LabNamespace;
import io.fairlead.dataplane.netlink.NetlinkSocket;
import io.fairlead.dataplane.netlink.generic.GenericFamily;
import io.fairlead.dataplane.netlink.nftables.NfOperation;
import io.fairlead.dataplane.netlink.nftables.NfTable;
import io.fairlead.dataplane.netlink.nftables.NfTablesSocket;
import io.fairlead.dataplane.netlink.nftables.NfTransaction;
import io.fairlead.dataplane.netlink.nftables.TableName;
import io.fairlead.dataplane.netlink.route.RouteSocket;
import java.io.IOException;

/** One exchange with the kernel, whatever is to be changed: what speaking with it costs. */
final class CallFloor implements Contender {

  /** What is exchanged. */
  enum Call {
    /** A transaction of nf_tables in which nothing changes: a table that is there is added. */
    TRANSACTION("floor: an empty transaction"),
    /** A message to the controller of generic netlink, and its answer. */
    GENERIC("floor: one generic-netlink message"),
    /** A question for the loopback device, and its answer. */
    ROUTE("floor: a netlink round trip");

    private final String title;

    Call(String title) {
      this.title = title;
    }
  }

  /** To be done on the namespace's thread. */
  @FunctionalInterface
  private interface Exchange {
    void run() throws IOException;
  }

  private record Opened(AutoCloseable socket, Exchange exchange) {}

  private final Call call;
  private final LabNamespace namespace;
  private final Opened opened;

  /** Takes over the namespace unless it throws. */
  CallFloor(Call call, LabNamespace namespace) throws IOException, InterruptedException {
    this.call = call;
    this.namespace = namespace;
    this.opened = namespace.call(() -> open(call));
  }

  private static Opened open(Call call) throws IOException {
    return switch (call) {
      case TRANSACTION -> {
        NfTablesSocket socket = NfTablesSocket.open();
        NfTransaction transaction =
            NfTransaction.of(new NfOperation.AddTable(NfTable.of(TableName.inet("floor"), "")));
        yield new Opened(socket, () -> socket.commit(transaction));
      }
      case GENERIC -> {
        NetlinkSocket socket = NetlinkSocket.open(NETLINK_GENERIC);
        yield new Opened(socket, () -> GenericFamily.resolve(socket, "nlctrl", "none"));
      }
      case ROUTE -> {
        RouteSocket socket = RouteSocket.open();
        yield new Opened(socket, () -> socket.link("lo"));
      }
    };
  }

  @Override
  public String name() {
    return call.title;
  }

  /** Holds no Services. */
  @Override
  public long load(Population population) throws IOException, InterruptedException {
    exchange();
    return NOT_MEASURED;
  }

  @Override
  public Applied change(Change change) throws IOException, InterruptedException {
    return exchange();
  }

  private Applied exchange() throws IOException, InterruptedException {
    return namespace.call(() -> {
      long begin = System.nanoTime();
      opened.exchange().run();
      return Applied.of(begin, System.nanoTime());
    });
  }

  @Override
  public void close() {
    try {
      opened.socket().close();
    } catch (Exception e) {
      throw new IllegalStateException("a socket does not close", e);
    }
    namespace.close();
  }
}
