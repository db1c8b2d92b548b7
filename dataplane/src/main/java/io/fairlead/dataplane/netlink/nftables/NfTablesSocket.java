package io.fairlead.dataplane.netlink.nftables;

import io.fairlead.dataplane.netlink.Acknowledgement;
import io.fairlead.dataplane.netlink.NetlinkConstants;
import io.fairlead.dataplane.netlink.NetlinkException;
import io.fairlead.dataplane.netlink.NetlinkMessage;
import io.fairlead.dataplane.netlink.NetlinkSocket;
import io.fairlead.dataplane.netlink.nftables.expression.Bytes;
import io.fairlead.dataplane.sys.Errno;
import io.fairlead.dataplane.sys.SystemCallException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** The kernel's nf_tables in the network namespace in which it was opened. */
public final class NfTablesSocket implements NfTablesKernel {

  private final NetlinkSocket socket;
  private final BatchWriter batch = new BatchWriter();

  private NfTablesSocket(NetlinkSocket socket) {
    this.socket = socket;
  }

  /**
   * Opens a socket in the calling thread's network namespace.
   *
   * @throws SystemCallException if NET_ADMIN or the kernel's netfilter is missing
   */
  public static NfTablesSocket open() throws SystemCallException {
    return new NfTablesSocket(NetlinkSocket.open(NetlinkConstants.NETLINK_NETFILTER));
  }

  /** The number by which the kernel knows this socket as a table's owner. */
  public int port() throws SystemCallException {
    return socket.port();
  }

  @Override
  public void commit(NfTransaction transaction) throws IOException {
    commit(transaction, null);
  }

  /**
   * Makes all changes at once if the ruleset is still in the given state.
   *
   * @throws NetlinkException with ERESTART if somebody has changed it since
   */
  public void commit(NfTransaction transaction, long generation) throws IOException {
    commit(transaction, Long.valueOf(generation));
  }

  private void commit(NfTransaction transaction, @Nullable Long generation) throws IOException {
    if (transaction.isEmpty()) {
      return;
    }
    int sequence = socket.nextSequence();
    batch.write(transaction, sequence, generation);
    for (int i = 1; i < batch.sequences(); i++) {
      socket.nextSequence();
    }
    socket.send(batch.messages());
    Verdicts verdicts = new Verdicts(transaction);
    while (receive(verdicts)) {}
    verdicts.check();
  }

  private boolean receive(NetlinkSocket.MessageHandler handler) throws IOException {
    try {
      return socket.receive(handler);
    } catch (SystemCallException e) {
      if (e.errno() == Errno.ENOBUFS) {
        return true; // What is missing shows at the end.
      }
      throw e;
    }
  }

  /** Collects the kernel's answers to one batch. */
  private final class Verdicts implements NetlinkSocket.MessageHandler {

    private final NfTransaction transaction;
    private boolean acknowledged;
    private @Nullable NetlinkException refusal;

    Verdicts(NfTransaction transaction) {
      this.transaction = transaction;
    }

    @Override
    public void handle(NetlinkMessage message) {
      int operation = batch.operation(message.sequence());
      if (operation == -2 || !Acknowledgement.isAcknowledgement(message)) {
        return; // The rest of an exchange that was given up.
      }
      Object text = operation < 0 ? "commit the transaction" : transaction.get(operation);
      NetlinkException cause = Acknowledgement.refusal(message, new Abbreviated(text));
      if (cause == null) {
        acknowledged |= message.sequence() == batch.acknowledgedSequence();
      } else if (refusal == null) {
        refusal = cause;
      } else {
        refusal.addSuppressed(cause);
      }
    }

    void check() throws NetlinkException {
      NetlinkException found = refusal;
      if (found != null) {
        throw found;
      }
      if (!acknowledged) {
        throw new NetlinkException(
            "commit " + transaction.size() + " operations",
            Errno.ENOBUFS,
            "the acknowledgement did not arrive",
            -1,
            batch.acknowledgedSequence());
      }
    }
  }

  /** The beginning of a text that may have thousands of elements. */
  private record Abbreviated(Object operation) {

    private static final int LIMIT = 300;

    @Override
    public String toString() {
      String text = operation.toString();
      return text.length() <= LIMIT ? text : text.substring(0, LIMIT) + "...";
    }
  }

  @Override
  public long generation() throws IOException {
    List<NfEvent.NewGeneration> answers =
        socket.query(
            "read the generation",
            NfMessages.type(NfMessages.GET_GENERATION),
            0,
            writer -> NfMessages.header(writer, 0, 0),
            GenerationCodec::read);
    return answers.getFirst().generation();
  }

  private <T> List<T> dump(
      String what, int message, NetlinkSocket.RequestBody body, NetlinkSocket.Decoder<T> decoder)
      throws IOException {
    return socket.dump("list " + what, NfMessages.type(message), body, decoder);
  }

  @Override
  public List<NfTable> tables() throws IOException {
    return dump(
        "tables",
        NfMessages.GET_TABLE,
        writer -> NfMessages.header(writer, 0, 0),
        TableCodec::read);
  }

  @Override
  public List<NfChain> chains(TableName table) throws IOException {
    // The kernel lists the chains of all tables of a family.
    return dump(
        "chains of table " + table,
        NfMessages.GET_CHAIN,
        writer -> NfMessages.header(writer, table.family()),
        message -> {
          NfChain chain = ChainCodec.read(message);
          return chain != null && chain.table().equals(table) ? chain : null;
        });
  }

  @Override
  public List<NfRule> rules(TableName table) throws IOException {
    return rules(table, rule -> rule);
  }

  @Override
  public <T> List<T> rules(TableName table, Function<NfRule, @Nullable T> each) throws IOException {
    return dump(
        "rules of table " + table,
        NfMessages.GET_RULE,
        writer -> RuleCodec.writeTable(writer, table),
        message -> {
          NfRule rule = RuleCodec.read(message);
          return rule == null ? null : each.apply(rule);
        });
  }

  @Override
  public List<NfRule> rules(TableName table, String chain) throws IOException {
    return dump(
        "rules of chain " + table + " " + chain,
        NfMessages.GET_RULE,
        writer -> RuleCodec.writeName(writer, table, chain),
        RuleCodec::read);
  }

  @Override
  public @Nullable NfRule rule(TableName table, String chain, long handle) throws IOException {
    try {
      return socket
          .query(
              "read rule " + handle + " of chain " + table + " " + chain,
              NfMessages.type(NfMessages.GET_RULE),
              0,
              writer -> RuleCodec.writeHandle(writer, table, chain, handle),
              RuleCodec::read)
          .getFirst();
    } catch (NetlinkException e) {
      if (e.isNotFound()) {
        return null;
      }
      throw e;
    }
  }

  @Override
  public List<NfSet> sets(TableName table) throws IOException {
    return dump(
        "sets of table " + table,
        NfMessages.GET_SET,
        writer -> SetCodec.writeTable(writer, table),
        message -> {
          NfSet set = SetCodec.read(message);
          return set == null || set.name().startsWith("__") ? null : set;
        });
  }

  @Override
  public List<SetElement> elements(NfSet set) throws IOException {
    List<List<ElementCodec.Stored>> messages =
        dump(
            "elements of " + set.kind() + " " + set.table() + " " + set.name(),
            NfMessages.GET_ELEMENTS,
            writer -> ElementCodec.writeName(writer, set.table(), set.name()),
            message -> {
              List<ElementCodec.Stored> stored = new ArrayList<>();
              ElementCodec.read(message, stored);
              return stored;
            });
    List<ElementCodec.Stored> stored = messages.stream().flatMap(List::stream).toList();
    return set.hasPairs()
        ? RangeElements.join(stored)
        : stored.stream().map(ElementCodec.Stored::element).toList();
  }

  @Override
  public @Nullable List<SetElement> elements(NfSet set, ExpectedKeys expected) throws IOException {
    return KeyedElements.read(socket, set, expected);
  }

  @Override
  public @Nullable FoundElement element(NfSet set, Bytes key) throws IOException {
    return OneElement.read(socket, set, key);
  }

  @Override
  public Map<String, Long> elementCounts(TableName table) throws IOException {
    Map<String, Long> counts = new HashMap<>();
    dump(
            "sizes of sets of table " + table,
            NfMessages.GET_SET,
            writer -> SetCodec.writeTable(writer, table),
            SetCodec::readCount)
        .stream()
        .filter(each -> each.count() >= 0)
        .forEach(each -> counts.put(each.set(), each.count()));
    return counts;
  }

  @Override
  public List<ElementCounter> counters(NfSet set) throws IOException {
    List<List<ElementCounter>> messages =
        dump(
            "counters of set " + set.table() + " " + set.name(),
            NfMessages.GET_ELEMENTS,
            writer -> ElementCodec.writeName(writer, set.table(), set.name()),
            message -> {
              List<ElementCounter> counters = new ArrayList<>();
              ElementCodec.readCounters(message, counters);
              return counters;
            });
    return messages.stream().flatMap(List::stream).toList();
  }

  @Override
  public List<NfCounter> counters(TableName table) throws IOException {
    return dump(
        "counters of table " + table,
        NfMessages.GET_OBJECT,
        writer -> CounterCodec.writeTable(writer, table),
        CounterCodec::read);
  }

  @Override
  public @Nullable NfCounter counter(TableName table, String name) throws IOException {
    try {
      return socket
          .query(
              "read counter " + table + " " + name,
              NfMessages.type(NfMessages.GET_OBJECT),
              0,
              writer -> CounterCodec.writeName(writer, table, name),
              CounterCodec::read)
          .getFirst();
    } catch (NetlinkException e) {
      if (e.isNotFound()) {
        return null;
      }
      throw e;
    }
  }

  @Override
  public void close() {
    socket.close();
  }
}
