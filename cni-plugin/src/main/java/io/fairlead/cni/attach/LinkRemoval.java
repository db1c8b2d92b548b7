package io.fairlead.cni.attach;

import io.fairlead.cni.protocol.AttachmentKey;
import io.fairlead.dataplane.netlink.route.Link;
import io.fairlead.dataplane.netlink.route.LinkSelector;
import io.fairlead.dataplane.netlink.route.LinkSettings;
import io.fairlead.dataplane.netlink.route.RouteKernel;
import io.fairlead.dataplane.netlink.route.RouteKernel.Failure;
import io.fairlead.dataplane.netlink.route.RouteOperation;
import io.fairlead.dataplane.netlink.route.RouteOperation.ChangeLink;
import io.fairlead.dataplane.netlink.route.RouteOperation.DeleteLink;
import io.fairlead.dataplane.netlink.route.RouteOperation.DeleteLinkGroup;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Removes links of attachments. The kernel waits for a grace period or two with each request that
 * removes links, however many it is about, so several go as one group.
 */
final class LinkRemoval {

  private static final Logger LOG = LoggerFactory.getLogger(LinkRemoval.class);

  /** The group of links that are about to be removed ("flrd"), which is nobody else's. */
  static final int LEAVING = 0x666c7264;

  private LinkRemoval() {}

  /** See {@link BridgeNetwork#remove}. */
  static Map<AttachmentKey, IOException> remove(Collection<AttachmentKey> keys, RouteKernel kernel)
      throws IOException {
    Map<Integer, AttachmentKey> owners = new LinkedHashMap<>();
    for (AttachmentKey key : keys) {
      for (Link link : linksOf(key, kernel)) {
        owners.put(link.index(), key);
      }
    }
    if (owners.size() > 1 && removeGroup(owners.keySet(), kernel)) {
      return Map.of();
    }
    Map<AttachmentKey, IOException> refused = new LinkedHashMap<>();
    for (Map.Entry<Integer, AttachmentKey> each : owners.entrySet()) {
      RouteOperation deletion = new DeleteLink(LinkSelector.of(each.getKey()));
      for (Failure failure : kernel.apply(List.of(deletion))) {
        if (!failure.cause().isNotFound()) {
          refused.put(each.getValue(), failure.cause());
        }
      }
    }
    return refused;
  }

  /** Removes all of the links; returns whether they are gone. */
  private static boolean removeGroup(Collection<Integer> links, RouteKernel kernel)
      throws IOException {
    List<RouteOperation> operations = new ArrayList<>();
    for (int link : links) {
      operations.add(new ChangeLink(LinkSelector.of(link), LinkSettings.NONE.withGroup(LEAVING)));
    }
    operations.add(new DeleteLinkGroup(LEAVING));
    for (Failure failure : kernel.apply(operations)) {
      // A link goes by itself when its pod's namespace does.
      if (!failure.cause().isNotFound()) {
        LOG.warn("{} links cannot be removed at once, so they are one by one.", links.size());
        return false;
      }
    }
    return true;
  }

  /** The links of an attachment that exist. */
  static List<Link> linksOf(AttachmentKey key, RouteKernel kernel) throws IOException {
    List<Link> links = new ArrayList<>();
    for (String name : List.of(HostLink.name(key), HostLink.shaperName(key))) {
      Link link = kernel.link(name);
      if (link != null && !HostLink.isOurs(link.alias())) {
        LOG.warn(
            "The link {} is not fairlead's (its alias is \"{}\") and stays.", name, link.alias());
      } else if (link != null) {
        links.add(link);
      }
    }
    return links;
  }
}
