package io.fairlead.agent.subsystem.observe;

import io.fairlead.agent.server.MonitorReport;
import io.fairlead.dataplane.netlink.NetlinkConstants;
import io.fairlead.dataplane.netlink.nftables.NfEvent;
import io.fairlead.dataplane.netlink.nftables.NfFamily;
import io.fairlead.dataplane.netlink.nftables.NfSet;
import io.fairlead.dataplane.netlink.nftables.NfTable;
import io.fairlead.dataplane.netlink.nftables.NfTablesMonitor;
import io.fairlead.dataplane.netlink.nftables.NfTablesSocket;
import io.fairlead.dataplane.netlink.nftables.SetElement;
import io.fairlead.dataplane.netlink.nftables.TableName;
import io.fairlead.dataplane.sys.OwnPorts;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * What happens to the tables of fairlead and its chains of iptables-nft, a transaction at a time:
 * only its end tells who did it. Lines are made on the reconciling thread.
 */
final class TableEvents implements NfTablesMonitor.Listener {

  private static final String SOURCE = "nftables";

  /** Those of fairlead's own, and those in which iptables-nft has its chains. */
  private static final List<TableName> TABLES =
      List.of(
          TableName.inet("fairlead"),
          TableName.inet("fairlead-policy"),
          TableName.inet("fairlead-host-ports"),
          TableName.inet("fairlead-ipvs"),
          new TableName(NfFamily.BRIDGE, "fairlead-guard"),
          new TableName(NfFamily.IPV4, "nat"),
          new TableName(NfFamily.IPV4, "filter"),
          new TableName(NfFamily.IPV6, "nat"),
          new TableName(NfFamily.IPV6, "filter"));

  /** So many events of a transaction are told, and so many elements of an event. */
  private static final int MOST_EVENTS = 200;

  private static final int MOST_ELEMENTS = 50;
  private static final int LONGEST_RULE = 300;

  private final Consumer<Function<ElementNames, List<MonitorReport>>> teller;
  private final Map<String, NfSet> sets = new HashMap<>();
  private List<NfEvent> events = new ArrayList<>();
  private int left;
  private int port;

  /**
   * Listens to nothing by itself.
   *
   * @param teller has lines made on the reconciling thread, and sends them
   */
  private TableEvents(Consumer<Function<ElementNames, List<MonitorReport>>> teller) {
    this.teller = teller;
  }

  /** Begins, in the calling thread's network namespace. */
  static AutoCloseable open(Consumer<Function<ElementNames, List<MonitorReport>>> teller)
      throws IOException {
    TableEvents listener = new TableEvents(teller);
    try (NfTablesSocket kernel = NfTablesSocket.open()) {
      for (NfTable table : kernel.tables()) {
        if (TABLES.contains(table.name()) && isOurs(table.name())) {
          kernel.sets(table.name()).forEach(listener::know);
        }
      }
    }
    return NfTablesMonitor.start("table-events", TABLES, listener);
  }

  private void know(NfSet set) {
    synchronized (sets) {
      sets.put(set.table() + " " + set.name(), set);
    }
  }

  @Override
  public void event(NfEvent event, int from) {
    switch (event) {
      case NfEvent.NewGeneration generation -> told(generation);
      case NfEvent.SetChanged(boolean added, NfSet set) -> {
        if (added) {
          know(set);
        }
        keep(event, from);
      }
      case NfEvent.ChainChanged chain -> keepOurs(event, from, chain.chain().name());
      case NfEvent.RuleChanged rule ->
          keepOurs(event, from, rule.rule().chain() + " " + rule.rule().comment());
      case NfEvent.TableChanged table -> {
        if (isOurs(table.table().name())) {
          keep(event, from);
        }
      }
      case NfEvent.ElementsChanged _, NfEvent.CounterChanged _ -> keep(event, from);
    }
  }

  private static boolean isOurs(TableName table) {
    return table.name().startsWith("fairlead");
  }

  private void keepOurs(NfEvent event, int from, String words) {
    TableName table =
        switch (event) {
          case NfEvent.ChainChanged chain -> chain.chain().table();
          case NfEvent.RuleChanged rule -> rule.rule().table();
          default -> throw new IllegalArgumentException("only of chains and rules");
        };
    if (isOurs(table) || words.startsWith("FAIRLEAD-") || words.contains("fairlead:")) {
      keep(event, from);
    }
  }

  private void keep(NfEvent event, int from) {
    port = from;
    if (events.size() < MOST_EVENTS) {
      events.add(event);
    } else {
      left++;
    }
  }

  private void told(NfEvent.NewGeneration generation) {
    if (events.isEmpty()) {
      return;
    }
    List<NfEvent> all = events;
    int more = left;
    events = new ArrayList<>();
    left = 0;
    String time = Instant.now().toString();
    String by =
        OwnPorts.contains(NetlinkConstants.NETLINK_NETFILTER, port)
            ? MonitorReport.FAIRLEAD
            : "process " + generation.process() + " (" + generation.processName() + ")";
    teller.accept(names -> {
      List<MonitorReport> lines = new ArrayList<>();
      all.forEach(event -> lines(event, time, by, names, lines));
      if (more > 0) {
        lines.add(
            MonitorReport.note(time, SOURCE, "and " + more + " more changes of the transaction"));
      }
      return lines;
    });
  }

  private void lines(
      NfEvent event, String time, String by, ElementNames names, List<MonitorReport> lines) {
    switch (event) {
      case NfEvent.TableChanged it ->
          lines.add(line(time, by, it.added(), "table " + it.table().name(), ""));
      case NfEvent.ChainChanged it ->
          lines.add(
              line(
                  time,
                  by,
                  it.added(),
                  "chain " + it.chain().table() + " " + it.chain().name(),
                  it.chain().comment()));
      case NfEvent.RuleChanged it -> {
        String text = it.rule().toString();
        lines.add(
            line(
                time,
                by,
                it.added(),
                text.length() > LONGEST_RULE ? text.substring(0, LONGEST_RULE) + "…" : text,
                it.rule().comment()));
      }
      case NfEvent.SetChanged it ->
          lines.add(line(time, by, it.added(), name(it.set()), it.set().comment()));
      case NfEvent.CounterChanged it ->
          lines.add(
              line(
                  time,
                  by,
                  it.added(),
                  "counter " + it.counter().table() + " " + it.counter().name(),
                  it.counter().comment()));
      case NfEvent.ElementsChanged it -> elements(it, time, by, names, lines);
      case NfEvent.NewGeneration _ -> {}
    }
  }

  private static String name(NfSet set) {
    return (set.isMap() ? "map " : "set ") + set.table() + " " + set.name();
  }

  private void elements(
      NfEvent.ElementsChanged event,
      String time,
      String by,
      ElementNames names,
      List<MonitorReport> lines) {
    NfSet set;
    synchronized (sets) {
      set = sets.get(event.table() + " " + event.set());
    }
    List<SetElement> elements = event.elements();
    if (set == null) {
      if (isOurs(event.table())) {
        String what = elements.size() + " elements of set " + event.table() + " " + event.set();
        lines.add(line(time, by, event.added(), what, ""));
      }
      return;
    }
    for (SetElement element : elements.subList(0, Math.min(MOST_ELEMENTS, elements.size()))) {
      String text = element.text(set);
      String meaning = names.element(set.name(), text);
      String policy =
          set.table().name().equals("fairlead-policy") && !set.comment().isEmpty()
              ? set.comment()
              : "";
      lines.add(
          line(
              time,
              by,
              event.added(),
              "element of " + name(set) + " " + text,
              policy.isEmpty() || meaning.isEmpty() ? policy + meaning : meaning + ": " + policy));
    }
    if (elements.size() > MOST_ELEMENTS) {
      String what = elements.size() - MOST_ELEMENTS + " more elements of " + name(set);
      lines.add(line(time, by, event.added(), what, ""));
    }
  }

  private static MonitorReport line(
      String time, String by, boolean added, String object, String meaning) {
    return new MonitorReport(time, SOURCE, added ? "add" : "delete", object, meaning, by);
  }

  @Override
  public void overrun() {
    note("so much changed in nf_tables that events were lost");
  }

  @Override
  public void problem(IOException cause) {
    note("events of nf_tables cannot be read: " + cause.getMessage());
  }

  private void note(String sentence) {
    String time = Instant.now().toString();
    teller.accept(_ -> List.of(MonitorReport.note(time, SOURCE, sentence)));
  }
}
