package io.fairlead.bench.rules;

import io.fairlead.dataplane.model.Cidr;
import io.fairlead.dataplane.netlink.ipvs.IpvsSocket;
import io.fairlead.dataplane.netlink.nftables.NfTablesSocket;
import io.fairlead.dataplane.netlink.route.RouteSocket;
import io.fairlead.dataplane.service.AddressClaims;
import io.fairlead.dataplane.service.ServiceSettings;
import io.fairlead.ipvs.IpvsKernels;
import io.fairlead.ipvs.IpvsServices;
import io.fairlead.ipvs.IpvsSettings;
import java.io.IOException;
import java.util.List;

/** Services over IPVS with all that belongs to them: virtual servers, table and routes. */
final class IpvsBackend {

  private IpvsBackend() {}

  /** Opens it in the calling thread's network namespace. */
  static Backend.Opened open(AddressClaims claims, ServiceSettings settings) throws IOException {
    Resources opened = new Resources();
    try {
      IpvsSocket ipvs = opened.add(IpvsSocket.open());
      NfTablesSocket tables = opened.add(NfTablesSocket.open());
      RouteSocket routes = opened.add(RouteSocket.open());
      IpvsServices services =
          new IpvsServices(
              new IpvsKernels(ipvs, tables, routes),
              claims,
              settings,
              IpvsSettings.DEFAULT,
              (_, _) -> {},
              () -> {});
      return new Backend.Opened(services, () -> {}, opened::close);
    } catch (IOException e) {
      opened.close();
      throw e;
    }
  }

  /** As kube-proxy's users set it: cluster IPs are from one network, which is one route. */
  static ServiceSettings settings(List<Cidr> podCidrs) {
    ServiceSettings settings = ServiceSettings.ofPods(podCidrs);
    return new ServiceSettings(
        settings.localPods(),
        settings.nodePortAddresses(),
        List.of(Cidr.parse("10.96.0.0/12")),
        settings.masqueradeMark());
  }
}
