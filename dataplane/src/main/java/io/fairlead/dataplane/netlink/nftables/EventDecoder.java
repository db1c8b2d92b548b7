package io.fairlead.dataplane.netlink.nftables;

import io.fairlead.dataplane.netlink.NetlinkMessage;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Multicast messages as events of one table, or of all if {@code table} is null. */
record EventDecoder(@Nullable TableName table) {

  /** The event, or null if it is none of the watched table's. */
  @Nullable NfEvent decode(NetlinkMessage message) {
    int kind = NfMessages.message(message);
    return switch (kind) {
      case NfMessages.NEW_TABLE -> table(message, true);
      case NfMessages.DELETE_TABLE -> table(message, false);
      case NfMessages.NEW_CHAIN -> chain(message, true);
      case NfMessages.DELETE_CHAIN -> chain(message, false);
      case NfMessages.NEW_RULE -> rule(message, true);
      case NfMessages.DELETE_RULE -> rule(message, false);
      case NfMessages.NEW_SET -> set(message, true);
      case NfMessages.DELETE_SET -> set(message, false);
      case NfMessages.NEW_ELEMENTS -> elements(message, true);
      case NfMessages.DELETE_ELEMENTS -> elements(message, false);
      case NfMessages.NEW_OBJECT -> counter(message, true);
      case NfMessages.DELETE_OBJECT -> counter(message, false);
      case NfMessages.NEW_GENERATION -> GenerationCodec.read(message);
      default -> null;
    };
  }

  private boolean isWatched(TableName name) {
    return table == null || table.equals(name);
  }

  private @Nullable NfEvent table(NetlinkMessage message, boolean added) {
    NfTable changed = TableCodec.read(message);
    if (changed == null || !isWatched(changed.name())) {
      return null;
    }
    return new NfEvent.TableChanged(added, changed);
  }

  private @Nullable NfEvent chain(NetlinkMessage message, boolean added) {
    NfChain changed = ChainCodec.read(message);
    if (changed == null || !isWatched(changed.table())) {
      return null;
    }
    return new NfEvent.ChainChanged(added, changed);
  }

  private @Nullable NfEvent rule(NetlinkMessage message, boolean added) {
    NfRule changed = RuleCodec.read(message);
    if (changed == null || !isWatched(changed.table())) {
      return null;
    }
    return new NfEvent.RuleChanged(added, changed);
  }

  private @Nullable NfEvent set(NetlinkMessage message, boolean added) {
    NfSet changed = SetCodec.read(message);
    if (changed == null || !isWatched(changed.table())) {
      return null;
    }
    return new NfEvent.SetChanged(added, changed);
  }

  private @Nullable NfEvent counter(NetlinkMessage message, boolean added) {
    NfCounter changed = CounterCodec.read(message);
    if (changed == null || !isWatched(changed.table())) {
      return null;
    }
    return new NfEvent.CounterChanged(added, changed);
  }

  private @Nullable NfEvent elements(NetlinkMessage message, boolean added) {
    ElementCodec.Owner owner = ElementCodec.readOwner(message);
    if (owner == null || !isWatched(owner.table())) {
      return null;
    }
    List<ElementCodec.Stored> stored = new ArrayList<>();
    ElementCodec.read(message, stored);
    List<SetElement> elements =
        stored.stream()
            .filter(element -> !element.isEnd())
            .map(ElementCodec.Stored::element)
            .toList();
    return new NfEvent.ElementsChanged(added, owner.table(), owner.set(), elements);
  }
}
