package io.fairlead.dataplane.netlink.route;

import io.fairlead.dataplane.netlink.NetlinkException;
import io.fairlead.dataplane.sys.Errno;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** How the links of a {@link FakeRouteKernel} queue packets. */
final class FakeQueues {

  private final FakeLinks links;
  private final Map<Integer, TokenBucket> buckets = new TreeMap<>();

  /** The filters on what a link receives: the links that send it instead. */
  private final Map<Integer, List<Integer>> ingress = new TreeMap<>();

  FakeQueues(FakeLinks links) {
    this.links = links;
  }

  List<QueueDiscipline> all() {
    List<QueueDiscipline> all = new ArrayList<>();
    buckets.forEach((link, bucket) -> all.add(new QueueDiscipline(link, true, "tbf", bucket)));
    ingress.keySet().forEach(link -> all.add(new QueueDiscipline(link, false, "ingress", null)));
    return all;
  }

  List<RouteOperation.AddRedirect> redirects() {
    List<RouteOperation.AddRedirect> redirects = new ArrayList<>();
    ingress.forEach((link, targets) ->
        targets.forEach(target -> redirects.add(new RouteOperation.AddRedirect(link, target))));
    return redirects;
  }

  void linkGone(int index) {
    buckets.remove(index);
    ingress.remove(index);
  }

  void set(RouteOperation.SetTokenBucket operation) throws NetlinkException {
    links.require(operation, LinkSelector.of(operation.linkIndex()));
    buckets.put(operation.linkIndex(), operation.bucket());
  }

  void add(RouteOperation.AddIngress operation) throws NetlinkException {
    links.require(operation, LinkSelector.of(operation.linkIndex()));
    if (ingress.putIfAbsent(operation.linkIndex(), new ArrayList<>()) != null) {
      throw FakeLinks.refuse(operation, Errno.EEXIST);
    }
  }

  void delete(RouteOperation.DeleteIngress operation) throws NetlinkException {
    links.require(operation, LinkSelector.of(operation.linkIndex()));
    if (ingress.remove(operation.linkIndex()) == null) {
      throw FakeLinks.refuse(operation, Errno.ENOENT);
    }
  }

  void add(RouteOperation.AddRedirect operation) throws NetlinkException {
    links.require(operation, LinkSelector.of(operation.linkIndex()));
    List<Integer> filters = ingress.get(operation.linkIndex());
    if (filters == null) {
      throw FakeLinks.refuse(operation, Errno.EINVAL);
    }
    links.require(operation, LinkSelector.of(operation.targetIndex()));
    filters.add(operation.targetIndex());
  }
}
