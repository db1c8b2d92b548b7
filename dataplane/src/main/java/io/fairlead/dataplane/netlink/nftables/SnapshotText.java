package io.fairlead.dataplane.netlink.nftables;

import java.util.Comparator;
import java.util.List;
import java.util.stream.Collectors;

/** Writes a snapshot as nft lists tables. */
final class SnapshotText {

  private final TableSnapshot snapshot;
  private final StringBuilder text = new StringBuilder();

  SnapshotText(TableSnapshot snapshot) {
    this.snapshot = snapshot;
  }

  private void line(int depth, String content) {
    if (!content.isEmpty()) {
      text.repeat("\t", depth).append(content).append('\n');
    }
  }

  @Override
  public String toString() {
    line(0, "table " + snapshot.table().name() + " {");
    line(1, snapshot.table().flagsText());
    line(1, NfText.comment(snapshot.table().comment()));
    snapshot.counters().stream()
        .sorted(Comparator.comparing(NfCounter::name))
        .forEach(this::counter);
    snapshot.sets().stream().sorted(Comparator.comparing(NfSet::name)).forEach(this::set);
    snapshot.chains().stream().sorted(Comparator.comparing(NfChain::name)).forEach(this::chain);
    line(0, "}");
    return text.toString();
  }

  private void counter(NfCounter counter) {
    line(1, "counter " + counter.name() + " {");
    line(2, NfText.comment(counter.comment()));
    line(1, "}");
  }

  private void set(NfSet set) {
    line(1, set.kind() + " " + set.name() + " {");
    line(2, set.typeText());
    line(2, set.size() == 0 ? "" : "size " + set.size());
    line(2, set.flagsText());
    line(2, set.timeoutMillis() == 0 ? "" : "timeout " + NfText.duration(set.timeoutMillis()));
    line(2, set.counters() ? "counter" : "");
    line(2, NfText.comment(set.comment()));
    List<SetElement> elements = snapshot.elements(set.name());
    if (!elements.isEmpty()) {
      line(
          2,
          elements.stream()
              .sorted(Comparator.comparing(SetElement::key))
              .map(element -> element.text(set))
              .collect(Collectors.joining(",\n\t\t\t     ", "elements = { ", " }")));
    }
    line(1, "}");
  }

  private void chain(NfChain chain) {
    line(1, "chain " + chain.name() + " {");
    NfChain.Hook hook = chain.hook();
    line(2, hook == null ? "" : hook + ";");
    line(2, NfText.comment(chain.comment()));
    snapshot.rules(chain.name()).forEach(rule -> line(2, rule.text()));
    line(1, "}");
  }
}
