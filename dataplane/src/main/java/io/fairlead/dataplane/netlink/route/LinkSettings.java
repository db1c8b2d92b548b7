package io.fairlead.dataplane.netlink.route;

import io.fairlead.dataplane.model.MacAddress;
import io.fairlead.dataplane.sys.OwnedDescriptor;
import org.jspecify.annotations.Nullable;

/**
 * What to set on a link; null leaves a property as it is. Start from {@link #NONE}: {@code
 * LinkSettings.NONE.withMtu(1450).withUp(true)}.
 *
 * @param name a new name; the link must be down for the kernel to agree
 * @param mtu bytes
 * @param masterIndex the bridge to join, 0 to leave
 * @param alias free text; the kernel takes it only for links that exist
 * @param group a number by which several links can be changed or deleted at once
 * @param namespace where the link is to be (a network namespace's descriptor, which stays the
 *     caller's and must stay open until the operation is applied)
 */
public record LinkSettings(
    @Nullable String name,
    @Nullable Boolean up,
    @Nullable MacAddress mac,
    @Nullable Integer mtu,
    @Nullable Integer masterIndex,
    @Nullable String alias,
    @Nullable Integer group,
    @Nullable OwnedDescriptor namespace) {

  /** Sets nothing. */
  public static final LinkSettings NONE =
      new LinkSettings(null, null, null, null, null, null, null, null);

  public LinkSettings withName(String value) {
    return new LinkSettings(value, up, mac, mtu, masterIndex, alias, group, namespace);
  }

  public LinkSettings withUp(boolean value) {
    return new LinkSettings(name, value, mac, mtu, masterIndex, alias, group, namespace);
  }

  public LinkSettings withMac(MacAddress value) {
    return new LinkSettings(name, up, value, mtu, masterIndex, alias, group, namespace);
  }

  public LinkSettings withMtu(int value) {
    return new LinkSettings(name, up, mac, value, masterIndex, alias, group, namespace);
  }

  public LinkSettings withMaster(int index) {
    return new LinkSettings(name, up, mac, mtu, index, alias, group, namespace);
  }

  public LinkSettings withAlias(String value) {
    return new LinkSettings(name, up, mac, mtu, masterIndex, value, group, namespace);
  }

  public LinkSettings withGroup(int value) {
    return new LinkSettings(name, up, mac, mtu, masterIndex, alias, value, namespace);
  }

  public LinkSettings withNamespace(OwnedDescriptor value) {
    return new LinkSettings(name, up, mac, mtu, masterIndex, alias, group, value);
  }

  /** Each setting with a space before it, empty for {@link #NONE}. */
  @Override
  public String toString() {
    return (name == null ? "" : " name " + name)
        + (up == null ? "" : up ? " up" : " down")
        + (mtu == null ? "" : " mtu " + mtu)
        + (mac == null ? "" : " mac " + mac)
        + (masterIndex == null ? "" : " master " + masterIndex)
        + (alias == null ? "" : " alias \"" + alias + "\"")
        + (group == null ? "" : " group 0x" + Integer.toHexString(group))
        + (namespace == null ? "" : " in another namespace");
  }
}
