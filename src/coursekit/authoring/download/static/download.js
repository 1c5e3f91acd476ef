// A command for JupyterLite: save the notebook that is open, and hand it out as a file. Written as what a bundler makes
// of an extension, so that none is needed.
window._JUPYTERLAB = window._JUPYTERLAB ?? {};
window._JUPYTERLAB["coursekit-download"] = {
  init: () => {},
  get: async () => () => ({
    __esModule: true,
    default: {
      id: "coursekit-download:plugin",
      autoStart: true,
      activate: (app) => {
        app.commands.addCommand("coursekit:download", {
          label: "Download",
          caption: "Save this notebook, and download it as a file to hand in",
          execute: async () => {
            const context = app.shell.currentWidget?.context;
            if (!context) return;
            await context.save();
            const link = document.createElement("a");
            link.href = URL.createObjectURL(new Blob([context.model.toString()], { type: "application/x-ipynb+json" }));
            link.download = context.path.split("/").pop();
            document.body.append(link);
            link.click();
            link.remove();
            setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
          },
        });
      },
    },
  }),
};
