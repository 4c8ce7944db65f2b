using Tracker.Web.Components;

var builder = WebApplication.CreateBuilder(args);

builder.Services.AddPages();

var app = builder.Build();

app.UseErrorPages();
app.MapPages();

await app.RunAsync();
