package io.fairlead.dataplane.netlink.nftables;

import io.fairlead.dataplane.netlink.AttributeReader;
import io.fairlead.dataplane.netlink.NetlinkMessage;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Multicast messages as events. A first sync brings hundreds of thousands of them, so that those of
 * other tables are told by their bytes.
 */
final class EventDecoder {

  /** A table as messages name it. */
  private static final class Watched {

    private final int family;
    private final byte[] name;

    Watched(TableName table) {
      family = table.family().number();
      name = table.name().getBytes(StandardCharsets.UTF_8);
    }

    boolean isNamed(NetlinkMessage message, AttributeReader table) {
      return message.u8(0) == family && table.isString(name);
    }
  }

  private final List<Watched> tables;

  /** Of these tables, or of all if there are none. */
  EventDecoder(Collection<TableName> tables) {
    this.tables = tables.stream().map(Watched::new).toList();
  }

  /** The event, or null if it is of no table that is watched. */
  @Nullable NfEvent decode(NetlinkMessage message) {
    if (NfMessages.isGeneration(message)) {
      return GenerationCodec.read(message);
    }
    if (!isWatched(message)) {
      return null;
    }
    return switch (NfMessages.message(message)) {
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
      default -> null;
    };
  }

  private boolean isWatched(NetlinkMessage message) {
    if (tables.isEmpty()) {
      return true;
    }
    AttributeReader attributes = message.attributes(NfMessages.HEADER);
    while (attributes.next()) {
      if (attributes.type() == NfMessages.TABLE) {
        return isWatched(message, attributes);
      }
    }
    return false;
  }

  private boolean isWatched(NetlinkMessage message, AttributeReader name) {
    for (Watched table : tables) {
      if (table.isNamed(message, name)) {
        return true;
      }
    }
    return false;
  }

  private @Nullable NfEvent table(NetlinkMessage message, boolean added) {
    NfTable changed = TableCodec.read(message);
    return changed == null ? null : new NfEvent.TableChanged(added, changed);
  }

  private @Nullable NfEvent chain(NetlinkMessage message, boolean added) {
    NfChain changed = ChainCodec.read(message);
    return changed == null ? null : new NfEvent.ChainChanged(added, changed);
  }

  private @Nullable NfEvent rule(NetlinkMessage message, boolean added) {
    NfRule changed = RuleCodec.read(message);
    return changed == null ? null : new NfEvent.RuleChanged(added, changed);
  }

  private @Nullable NfEvent set(NetlinkMessage message, boolean added) {
    NfSet changed = SetCodec.read(message);
    return changed == null ? null : new NfEvent.SetChanged(added, changed);
  }

  private @Nullable NfEvent counter(NetlinkMessage message, boolean added) {
    NfCounter changed = CounterCodec.read(message);
    return changed == null ? null : new NfEvent.CounterChanged(added, changed);
  }

  private @Nullable NfEvent elements(NetlinkMessage message, boolean added) {
    ElementCodec.Owner owner = ElementCodec.readOwner(message);
    if (owner == null) {
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
