// For JupyterLite: a command that hands the open notebook out as a file, and saving that asks no needless question.
// Written as what a bundler makes of an extension, so that none is needed.
window._JUPYTERLAB = window._JUPYTERLAB ?? {};
window._JUPYTERLAB["coursekit-download"] = {
  init: () => {},
  get: async () => () => {
    const inTurn = new WeakSet();

    // Where one save begins before another has ended, JupyterLab takes the other's for somebody else's, and asks
    // whether to overwrite the file or to drop what is open. Work is saved every few seconds here, so they do meet.
    const saveInTurn = (context) => {
      if (!context || inTurn.has(context)) return;
      inTurn.add(context);
      const save = context.save.bind(context);
      let last = Promise.resolve();
      context.save = () => (last = last.then(save, save));
    };

    return {
      __esModule: true,
      default: {
        id: "coursekit-download:plugin",
        autoStart: true,
        activate: (app) => {
          app.shell.currentChanged?.connect(() => saveInTurn(app.shell.currentWidget?.context));
          app.commands.addCommand("coursekit:download", {
            label: "Download",
            caption: "Save this notebook, and download it as a file to hand in",
            execute: async () => {
              const context = app.shell.currentWidget?.context;
              if (!context) return;
              // What is open, first: it must not wait for what is kept in the browser, which may be full.
              const link = document.createElement("a");
              link.href = URL.createObjectURL(
                new Blob([context.model.toString()], { type: "application/x-ipynb+json" }),
              );
              link.download = context.path.split("/").pop();
              document.body.append(link);
              link.click();
              link.remove();
              setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
              await context.save();
            },
          });
        },
      },
    };
  },
};
