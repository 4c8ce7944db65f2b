using System.Net;
using Tracker.Web.Webhooks;

namespace Tracker.Web.Tests.Webhooks;

public class WebhookAddressesTests
{
    [Theory]
    [InlineData("0.0.0.0")]
    [InlineData("10.1.2.3")]
    [InlineData("100.64.0.1")]
    [InlineData("127.0.0.1")]
    [InlineData("169.254.169.254")]
    [InlineData("172.16.0.1")]
    [InlineData("172.31.255.255")]
    [InlineData("192.168.1.1")]
    [InlineData("198.18.0.1")]
    [InlineData("224.0.0.1")]
    [InlineData("240.0.0.1")]
    [InlineData("255.255.255.255")]
    [InlineData("::")]
    [InlineData("::1")]
    [InlineData("::ffff:127.0.0.1")]
    [InlineData("::ffff:10.0.0.1")]
    [InlineData("::127.0.0.1")]
    [InlineData("64:ff9b::a00:1")]
    [InlineData("2001::1")]
    [InlineData("2001:db8::1")]
    [InlineData("2002:7f00:1::1")]
    [InlineData("fc00::1")]
    [InlineData("fd12:3456::1")]
    [InlineData("fe80::1")]
    [InlineData("fec0::1")]
    [InlineData("ff02::1")]
    public void What_is_not_public_is_refused(string address) => WebhookAddresses.PublicOnly.Allows("example.org", IPAddress.Parse(address)).ShouldBeFalse();

    [Theory]
    [InlineData("93.184.215.14")]
    [InlineData("172.32.0.1")]
    [InlineData("100.128.0.1")]
    [InlineData("::ffff:93.184.215.14")]
    [InlineData("2606:4700::1111")]
    public void What_is_public_is_allowed(string address) => WebhookAddresses.PublicOnly.Allows("example.org", IPAddress.Parse(address)).ShouldBeTrue();

    [Theory]
    [InlineData("any", "10.1.200.3", true)]
    [InlineData("any", "10.2.0.1", false)]
    [InlineData("any", "::ffff:10.1.0.1", true)]
    [InlineData("any", "192.168.7.7", true)]
    [InlineData("any", "192.168.7.8", false)]
    [InlineData("any", "fd00::5", true)]
    [InlineData("BUILD.internal", "172.16.3.3", true)]
    [InlineData("build.internal.example.org", "172.16.3.3", false)]
    public void An_operator_allows_networks_addresses_and_names(string host, string address, bool allowed)
    {
        var faults = new List<string>();
        var addresses = WebhookAddresses.Parse("10.1.0.0/16, 192.168.7.7 fd00::/64,build.internal", faults);
        faults.ShouldBeEmpty();
        addresses.Allows(host, IPAddress.Parse(address)).ShouldBe(allowed);
    }

    [Fact]
    public void What_cannot_be_read_in_the_setting_is_told()
    {
        var faults = new List<string>();
        WebhookAddresses.Parse("10.0.0.0/8, http://x, 10.0.0.0/33", faults);
        faults.Count.ShouldBe(2);
        faults[0].ShouldContain("'http://x'");
        faults[1].ShouldContain("'10.0.0.0/33'");
    }

    [Fact]
    public void Of_several_addresses_only_the_allowed_ones_are_used()
    {
        var chosen = WebhookAddresses.PublicOnly.Choose("example.org", [IPAddress.Loopback, IPAddress.Parse("93.184.215.14")]);
        chosen.ShouldBe([IPAddress.Parse("93.184.215.14")]);
        Should.Throw<WebhookRefusedException>(() => WebhookAddresses.PublicOnly.Choose("localhost", [IPAddress.Loopback])).Message.ShouldContain("localhost");
    }
}
