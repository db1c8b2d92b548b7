package io.fairlead.dataplane.netlink.nftables;

import io.fairlead.dataplane.netlink.nftables.expression.Bytes;
import io.fairlead.dataplane.netlink.nftables.expression.Field;
import io.fairlead.dataplane.sys.Errno;
import java.util.List;
import java.util.TreeMap;

/** One set in memory, its elements by the first value that belongs to them. */
final class FakeSet {

  private final NfSet definition;
  private final TreeMap<Bytes, SetElement> elements = new TreeMap<>();

  FakeSet(NfSet definition) {
    this.definition = definition;
  }

  FakeSet copy() {
    FakeSet copy = new FakeSet(definition);
    copy.elements.putAll(elements);
    return copy;
  }

  NfSet definition() {
    return definition;
  }

  List<SetElement> elements() {
    return List.copyOf(elements.values());
  }

  /** Whether the kernel would take {@code other} for this set: comments do not matter. */
  boolean isLike(NfSet other) {
    return definition.key().equals(other.key())
        && definition.data().equals(other.data())
        && definition.intervals() == other.intervals()
        && definition.dynamic() == other.dynamic()
        && definition.timeouts() == other.timeouts()
        && definition.counters() == other.counters();
  }

  boolean leadsTo(String chain) {
    return elements.values().stream()
        .anyMatch(element ->
            element.data() instanceof ElementData.OfVerdict verdict
                && verdict.verdict().chain().equals(chain));
  }

  boolean holds(String object) {
    return elements.values().stream()
        .anyMatch(element ->
            element.data() instanceof ElementData.OfObject held && held.name().equals(object));
  }

  void flush() {
    elements.clear();
  }

  int add(SetElement element) {
    SetElement present = elements.get(element.key());
    if (present != null && present.last().equals(element.last())) {
      return present.data().equals(element.data()) ? 0 : Errno.EEXIST;
    }
    boolean overlap =
        definition.intervals()
            && elements.values().stream().anyMatch(other -> overlaps(other, element));
    if (present != null || overlap) {
      return Errno.EEXIST;
    }
    if (definition.size() != 0 && elements.size() >= definition.size()) {
      return Errno.ENFILE;
    }
    elements.put(element.key(), normalized(element));
    return 0;
  }

  private static SetElement normalized(SetElement element) {
    return element.key().equals(element.last())
        ? new SetElement(
            element.key(), null, element.data(), element.timeoutMillis(), element.comment())
        : element;
  }

  /** Ranges of several fields meet only if they meet in each. */
  private boolean overlaps(SetElement a, SetElement b) {
    int at = 0;
    for (Field field : definition.key()) {
      int length = field.length();
      boolean apart =
          a.last().slice(at, length).compareTo(b.key().slice(at, length)) < 0
              || b.last().slice(at, length).compareTo(a.key().slice(at, length)) < 0;
      if (apart) {
        return false;
      }
      at += field.paddedLength();
    }
    return true;
  }

  boolean delete(SetElement element) {
    SetElement present = elements.get(element.key());
    if (present == null || !present.last().equals(element.last())) {
      return false;
    }
    elements.remove(element.key());
    return true;
  }
}
